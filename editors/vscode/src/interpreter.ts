// The Python interpreters that the user has: the one selected in VS Code, and those on PATH.

import * as path from "node:path";
import { extensions, workspace } from "vscode";
import { inWorkspace, isProgram, onPath } from "./places";

/** What of the Python extension's interface is used here. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(): { readonly path: string };
    resolveEnvironment(
      path: unknown,
    ): Promise<{ readonly executable: { readonly uri?: { readonly fsPath: string } } } | undefined>;
  };
}

/** The interpreter that is selected for this window; none in a workspace that is not trusted. */
export async function selectedInterpreter(): Promise<string | undefined> {
  // The folder that is open may have selected it.
  if (!workspace.isTrusted) return undefined;
  const chosen = (await fromPythonExtension()) ?? fromSettings();
  return chosen !== undefined && isProgram(chosen) && !inWorkspace(chosen) ? chosen : undefined;
}

/** All interpreters that could make an environment, the selected one first. */
export async function interpreters(): Promise<string[]> {
  const selected = await selectedInterpreter();
  const found = [...(selected === undefined ? [] : [selected]), ...onPath("python3"), ...onPath("python")];
  return [...new Set(found)];
}

async function fromPythonExtension(): Promise<string | undefined> {
  const extension = extensions.getExtension<PythonExtension>("ms-python.python");
  if (extension === undefined) return undefined;
  try {
    const environments = (await extension.activate())?.environments;
    if (environments === undefined) return undefined;
    const active = await environments.resolveEnvironment(environments.getActiveEnvironmentPath());
    return active?.executable.uri?.fsPath;
  } catch {
    // What is wrong with another extension is not told by this one.
    return undefined;
  }
}

function fromSettings(): string | undefined {
  const set = workspace.getConfiguration("python").get<string>("defaultInterpreterPath");
  return typeof set === "string" && path.isAbsolute(set) ? set : undefined;
}
