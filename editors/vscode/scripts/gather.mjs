// Brings into this folder what the .vsix takes from the rest of the repository: the server's wheel, and the licence.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import * as path from "node:path";

const here = path.dirname(import.meta.dirname);
const root = path.resolve(here, "../..");
const out = path.join(here, "server");

const WAYS = [
  ["uv", "build", "--wheel", "--quiet", "--out-dir", out, root],
  ["python3", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out, root],
  ["python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out, root],
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const built = WAYS.some(([program, ...args]) => spawnSync(program, args, { stdio: "inherit" }).status === 0);
if (!built) {
  console.error("The server's wheel could not be built: install uv, or Python with pip.");
  process.exit(1);
}
// uv marks the folder as one that Git ignores.
rmSync(path.join(out, ".gitignore"), { force: true });
copyFileSync(path.join(root, "LICENSE"), path.join(here, "LICENSE"));
