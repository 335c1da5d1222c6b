// What of the settings is sent to the server: those that somebody has set, and no defaults.

import { workspace } from "vscode";

const SECTION = "gloss";

/** The settings of this extension itself, which the server does not know. */
const OWN = new Set(["path", "trace.server"]);

/**
 * What is set, by dotted names. A default of `package.json` is not: sent as if the user had chosen it,
 * it would hide the user's own settings file and the environment from the server.
 * @param names of all settings that are declared, with the section.
 */
export function explicitSettings(names: readonly string[]): Record<string, unknown> {
  const configuration = workspace.getConfiguration(SECTION);
  const set: Record<string, unknown> = {};
  for (const full of names) {
    const name = full.slice(SECTION.length + 1);
    const known = OWN.has(name) ? undefined : configuration.inspect(name);
    if (known === undefined) continue;
    const given = [known.globalValue, known.workspaceValue, known.workspaceFolderValue];
    if (!given.some((value) => value !== undefined)) continue;
    // `get`, not what was inspected: it leaves out what a workspace that is not trusted may not set.
    const value = configuration.get<unknown>(name);
    if (value !== "" && value !== null) set[name] = value;
  }
  return set;
}
