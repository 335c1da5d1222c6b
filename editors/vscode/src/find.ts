// Finds the server: where the user says it is, on PATH, in the selected interpreter, or installed by this extension.

import * as path from "node:path";
import { homedir } from "node:os";
import { workspace } from "vscode";
import type { Installation } from "./installation";
import { selectedInterpreter } from "./interpreter";
import { inWorkspace, isProgram, onPath } from "./places";
import { run } from "./run";

/** A server that answers, and how to start it. */
export interface Found {
  readonly kind: "found";
  readonly command: string;
  /** Stand before `serve`. */
  readonly args: readonly string[];
  readonly version: string;
}

/** A server that was there and does not answer. */
export interface Broken {
  readonly kind: "broken";
  readonly reason: string;
}

export interface Nowhere {
  readonly kind: "nowhere";
}

/** Milliseconds that a server may take to say its version: a cold disk is slow. */
const PATIENCE = 30_000;

const MODULE = ["-m", "gloss_lsp"];

/** Finds the server; the first of the places counts that has one which answers. */
export async function findServer(installation: Installation): Promise<Found | Broken | Nowhere> {
  const cwd = installation.folder;
  const named = (workspace.getConfiguration("gloss").get<string>("path") ?? "").trim();
  if (named !== "") return await fromSetting(named, cwd);
  let broken: Broken | undefined;
  for (const program of onPath("gloss")) {
    const tried = await probe(program, [], cwd);
    if (tried.kind === "found") return tried;
    broken ??= tried;
  }
  const interpreter = await selectedInterpreter();
  if (interpreter !== undefined) {
    // That it is not installed there is no fault.
    const tried = await probe(interpreter, MODULE, cwd);
    if (tried.kind === "found") return tried;
  }
  const own = installation.python();
  if (own !== undefined) return await probe(own, MODULE, cwd);
  return broken ?? { kind: "nowhere" };
}

async function fromSetting(named: string, cwd: string): Promise<Found | Broken> {
  const program = named.startsWith("~") ? path.join(homedir(), named.slice(1)) : named;
  const problem = !path.isAbsolute(program)
    ? "is not the whole path of a program"
    : !isProgram(program)
      ? "is not a program"
      : !workspace.isTrusted && inWorkspace(program)
        ? "is in a folder that is not trusted"
        : undefined;
  if (problem !== undefined) return { kind: "broken", reason: `${named}, which the setting gloss.path names, ${problem}` };
  return await probe(program, [], cwd);
}

async function probe(command: string, args: readonly string[], cwd: string): Promise<Found | Broken> {
  const { code, output } = await run(command, [...args, "--version"], { cwd, limit: PATIENCE });
  const version = /^gloss (\d+\.\d+\.\S+)\s*$/m.exec(output)?.[1];
  if (code === 0 && version !== undefined) return { kind: "found", command, args, version };
  const said = output.trim().split("\n").at(-1) ?? "";
  return { kind: "broken", reason: `${command} does not answer${said === "" ? "" : `: ${said}`}` };
}
