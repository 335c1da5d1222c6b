// The server's own environment in this extension's storage: made by uv where it is, else by venv and pip.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { CancellationToken } from "vscode";
import { interpreters } from "./interpreter";
import { inWorkspace, isProgram, onPath } from "./places";
import { type Ended, run } from "./run";

/** With a model of its own, or for the user's Ollama. */
export type Flavour = "embedded" | "ollama";

/** Why an installation did not come about; empty where the user has stopped it. */
export class InstallError extends Error {}

/** Milliseconds for all of an installation: the model is 1.1 GB, and lines are slow. */
const LIMIT = 2 * 60 * 60 * 1000;
const SHORT = 60_000;
const WINDOWS = process.platform === "win32";

interface Way {
  readonly venv: readonly [string, readonly string[]];
  install(python: string, requirement: string): readonly [string, readonly string[]];
}

export class Installation {
  /**
   * @param folder of this extension alone; holds one environment, and a file that names it.
   * @param wheels where the extension keeps the wheel of the server.
   */
  constructor(
    readonly folder: string,
    private readonly wheels: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** The interpreter of the environment, also where it has vanished; undefined where nothing was installed. */
  python(): string | undefined {
    try {
      return interpreterOf(path.join(this.folder, readFileSync(this.note, "utf8").trim()));
    } catch {
      return undefined;
    }
  }

  /**
   * Installs the server, in place of what was there.
   * @param say takes what is done now, for people.
   * @throws InstallError
   */
  async install(flavour: Flavour, say: (line: string) => void, cancel: CancellationToken): Promise<void> {
    const way = await this.way();
    // A new folder each time: what is there may be running, and is used until the new one is complete.
    const name = `server-${Date.now()}`;
    const environment = path.join(this.folder, name);
    const options = { cwd: this.folder, limit: LIMIT, cancel, onLine: say };
    try {
      say("making an environment");
      const [maker, making] = way.venv;
      demand(await run(maker, [...making, environment], options), cancel);
      const wheel = pathToFileURL(this.wheel()).href;
      const requirement = `gloss-lsp${flavour === "embedded" ? "[embedded]" : ""} @ ${wheel}`;
      const [installer, installing] = way.install(interpreterOf(environment), requirement);
      demand(await run(installer, installing, options), cancel);
      writeFileSync(this.note, name);
    } catch (error) {
      rmSync(environment, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
    this.tidy(name);
  }

  private get note(): string {
    return path.join(this.folder, "current");
  }

  private wheel(): string {
    const wheel = readdirSync(this.wheels).find((file) => file.endsWith(".whl"));
    if (wheel === undefined) throw new InstallError("This extension was built without the server.");
    return path.join(this.wheels, wheel);
  }

  private async way(): Promise<Way> {
    const python = await this.recentPython();
    const uv = findUv();
    if (uv !== undefined) {
      return {
        // Without a Python here uv may know where to get one.
        venv: [uv, ["venv", "--no-config", "--python", python ?? ">=3.10"]],
        install: (to, requirement) => [uv, ["pip", "install", "--no-progress", "--python", to, requirement]],
      };
    }
    if (python === undefined) throw new InstallError("Python 3.10 or later is needed, and none was found.");
    return {
      venv: [python, ["-m", "venv"]],
      install: (to, requirement) => [
        to,
        ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off", requirement],
      ],
    };
  }

  private async recentPython(): Promise<string | undefined> {
    const question = "import sys; sys.exit(sys.version_info < (3, 10))";
    for (const python of await interpreters()) {
      const { code } = await run(python, ["-c", question], { cwd: this.folder, limit: SHORT });
      if (code === 0) return python;
    }
    return undefined;
  }

  private tidy(kept: string): void {
    for (const entry of readdirSync(this.folder)) {
      if (!entry.startsWith("server-") || entry === kept) continue;
      try {
        rmSync(path.join(this.folder, entry), { recursive: true, force: true });
      } catch {
        // Windows keeps what still runs; it goes next time.
      }
    }
  }
}

function interpreterOf(environment: string): string {
  return WINDOWS ? path.join(environment, "Scripts", "python.exe") : path.join(environment, "bin", "python");
}

function findUv(): string | undefined {
  const name = WINDOWS ? "uv.exe" : "uv";
  const usual = [".local/bin", ".cargo/bin"].map((folder) => path.join(homedir(), folder, name));
  return [...onPath("uv"), ...usual].find((program) => existsSync(program) && isProgram(program) && !inWorkspace(program));
}

function demand(ended: Ended, cancel: CancellationToken): void {
  if (cancel.isCancellationRequested) throw new InstallError("");
  if (ended.code === 0) return;
  const lines = ended.output.trim().split("\n").filter((line) => line.trim() !== "");
  const told = lines.findLast((line) => /error|failed|not found|no such/i.test(line)) ?? lines.at(-1);
  throw new InstallError(told?.trim().slice(0, 300) ?? "it took too long");
}
