// Runs a program to its end, with a time limit and a way to stop it with all that it has started.

import { spawn } from "node:child_process";
import type { CancellationToken } from "vscode";

export interface Ended {
  /** The exit code; undefined where it could not be started, was stopped, or took too long. */
  readonly code: number | undefined;
  /** What it wrote to standard output and error, in the order of arrival. */
  readonly output: string;
}

export interface RunOptions {
  /** Where it runs: never a folder of the workspace, since `python -m` looks for modules there. */
  readonly cwd: string;
  /** Milliseconds. */
  readonly limit: number;
  readonly cancel?: CancellationToken;
  readonly onLine?: (line: string) => void;
}

/** Runs a program. Never rejects: that it cannot be started is an answer, too. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return new Promise((resolve) => {
    let output = "";
    let stopped = false;
    const windows = process.platform === "win32";
    // A group of its own: pip and uv start others, which have to end with them.
    const child = spawn(command, args, {
      cwd: options.cwd,
      detached: !windows,
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PYTHONUTF8: "1", PYTHONUNBUFFERED: "1" },
    });
    const stop = (): void => {
      stopped = true;
      if (child.pid === undefined) return;
      if (windows) {
        spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { windowsHide: true, stdio: "ignore" });
        return;
      }
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(stop, options.limit);
    const cancelling = options.cancel?.onCancellationRequested(stop);
    const end = (code: number | undefined): void => {
      clearTimeout(timer);
      cancelling?.dispose();
      resolve({ code: stopped ? undefined : code, output });
    };
    const take = (chunk: Buffer): void => {
      const text = chunk.toString("utf8");
      output += text;
      for (const line of text.split(/\r?\n|\r/)) {
        if (line.trim() !== "") options.onLine?.(line.trim());
      }
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      output += error.message;
      end(undefined);
    });
    child.on("close", (code) => end(code ?? undefined));
  });
}
