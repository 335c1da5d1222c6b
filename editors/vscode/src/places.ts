// Where programs may be run from: the user's own places, never the folder that is open.

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import * as path from "node:path";
import { workspace } from "vscode";

/** Whether a program stands in a folder of the workspace, itself or what it links to. */
export function inWorkspace(program: string): boolean {
  const folders = (workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const places = [path.resolve(program), real(program)];
  return [...folders, ...folders.map(real)].some((folder) => places.some((place) => isBelow(place, folder)));
}

/** The programs of a name on PATH, in its order, without those that the workspace brings. */
export function onPath(name: string): string[] {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)));
  return [...new Set(found)].filter((program) => isProgram(program) && !inWorkspace(program));
}

/** Whether there is a file that can be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isBelow(place: string, folder: string): boolean {
  const way = path.relative(folder, place);
  return way === "" || (!way.startsWith("..") && !path.isAbsolute(way));
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
