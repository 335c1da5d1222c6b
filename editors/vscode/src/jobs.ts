// Runs commands of the server as jobs that the user sees and can stop.

import { CancellationError, ProgressLocation, type Progress, window } from "vscode";
import {
  ExecuteCommandRequest,
  LSPErrorCodes,
  ResponseError,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import type { LanguageClient } from "vscode-languageclient/node";

type Told = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** A command of the server that may help where another one failed. */
export interface Offer {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** What a command ended in, in the server's words. */
export class Failed extends Error {
  constructor(
    reason: string,
    readonly offers: readonly Offer[],
  ) {
    super(reason);
  }
}

/** Is told of a job: its token before it begins, and how it ended. */
export interface Watcher {
  begin(token: string): void;
  /** @param failure why it failed; empty where it was stopped, undefined where it was done. */
  end(token: string, failure?: string): void;
}

export class Jobs {
  private count = 0;

  /** The commands of the server that are jobs, with what they are called. */
  static readonly TITLES: Readonly<Record<string, string>> = {
    "gloss.explain": "Explain",
    "gloss.translateComments": "Translate comments",
    "gloss.complete": "Complete here",
    "gloss.models.pull": "Pull a model",
    "gloss.startOllama": "Start Ollama",
  };

  /**
   * Runs a command until it has ended, with a notification that has a way to stop it.
   * @returns its outcome; undefined where it was stopped.
   * @throws Failed
   */
  async run(client: LanguageClient, command: string, argument: unknown, watcher?: Watcher): Promise<unknown> {
    const token = `gloss-vscode-${process.pid}-${++this.count}`;
    const title = `Gloss: ${Jobs.TITLES[command] ?? command}`;
    watcher?.begin(token);
    return await window.withProgress(
      { location: ProgressLocation.Notification, cancellable: true, title },
      async (progress, cancel) => {
        const watching = client.onProgress(WorkDoneProgress.type, token, shownBy(progress));
        try {
          const params = { command, arguments: [argument], workDoneToken: token };
          const outcome: unknown = await client.sendRequest(ExecuteCommandRequest.type, params, cancel);
          watcher?.end(token);
          return outcome;
        } catch (error) {
          if (isStop(error)) {
            watcher?.end(token, "");
            return undefined;
          }
          const failure = failed(error);
          watcher?.end(token, failure.message);
          throw failure;
        } finally {
          watching.dispose();
        }
      },
    );
  }
}

/** What has failed, as it is told. */
export function failed(error: unknown): Failed {
  if (error instanceof Failed) return error;
  const data = error instanceof ResponseError ? (error.data as { commands?: readonly Offer[] } | undefined) : undefined;
  return new Failed(error instanceof Error ? error.message : String(error), data?.commands ?? []);
}

function shownBy(progress: Progress<{ message?: string; increment?: number }>): (told: Told) => void {
  let percentage = 0;
  return (told) => {
    if (told.kind === "end") return;
    const report: { message?: string; increment?: number } = {};
    if (told.message !== undefined) report.message = told.message;
    if (told.percentage !== undefined) {
      report.increment = Math.max(0, told.percentage - percentage);
      percentage = Math.max(percentage, told.percentage);
    }
    progress.report(report);
  };
}

function isStop(error: unknown): boolean {
  return (
    error instanceof CancellationError || (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)
  );
}
