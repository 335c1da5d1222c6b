// The life of the server: found, started, restarted, and what the user is told where that does not work.

import { ConfigurationTarget, type LogOutputChannel, ProgressLocation, window, workspace } from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { makeClient } from "./client";
import { type Found, findServer } from "./find";
import { type Flavour, InstallError, type Installation } from "./installation";
import type { Doing } from "./status";
import type { Buttons, Trouble } from "./trouble";

/** What the server's life is told to, and asks. */
export interface Surroundings {
  readonly installation: Installation;
  readonly trouble: Trouble;
  readonly channel: LogOutputChannel;
  readonly settings: readonly string[];
  execute(command: string, argument: unknown): Promise<unknown>;
  status(doing: Doing): void;
  /** A server is about to start: who wants to hear from it, says so now. */
  listen(client: LanguageClient): void;
  /** It answers. */
  ready(): void;
}

const FLAVOURS: Readonly<Record<string, Flavour>> = {
  "Install with a model (1.1 GB)": "embedded",
  "Install for Ollama": "ollama",
};

/** Milliseconds that a server may take to start: one that hangs must not keep the next from starting. */
const PATIENCE = 60_000;

export class Server {
  private running: LanguageClient | undefined;
  /** One thing at a time: starts and stops wait for each other here. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly around: Surroundings) {}

  /** The client of a server that answers. */
  get client(): LanguageClient | undefined {
    return this.running?.state === State.Running ? this.running : undefined;
  }

  /** Starts the server, or starts it anew. */
  restart(): Promise<void> {
    return this.next(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  /** Asks which of the two to install, and installs it. */
  async offer(text: string): Promise<void> {
    const buttons: Record<string, () => unknown> = {};
    for (const [title, flavour] of Object.entries(FLAVOURS)) buttons[title] = () => this.install(flavour);
    await this.around.trouble.tell(text, { ...buttons, "Choose Path": () => this.choosePath() }, "info");
  }

  /** Has the user say where the server is. */
  async choosePath(): Promise<void> {
    const [chosen] = (await window.showOpenDialog({ title: "The program gloss", openLabel: "Use" })) ?? [];
    if (chosen === undefined) return;
    await workspace.getConfiguration("gloss").update("path", chosen.fsPath, ConfigurationTarget.Global);
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work).catch((error: unknown) => this.around.channel.error(String(error)));
    return this.turn;
  }

  private async begin(): Promise<void> {
    this.around.status({ state: "starting" });
    const found = await findServer(this.around.installation);
    if (found.kind === "nowhere") {
      this.around.status({ state: "off", message: "Gloss's server is not installed." });
      void this.offer("Gloss needs its server, which runs on this machine. How shall it be installed?");
    } else if (found.kind === "broken") {
      this.fail(`Gloss's server cannot be started: ${found.reason}.`, {
        "Install Again": () => this.offer("How shall Gloss's server be installed?"),
        "Choose Path": () => this.choosePath(),
      });
    } else {
      await this.launch(found);
    }
  }

  private async launch(found: Found): Promise<void> {
    const { channel, installation, settings } = this.around;
    channel.info(`Starting ${[found.command, ...found.args].join(" ")}, version ${found.version}`);
    const client = makeClient({
      found,
      cwd: installation.folder,
      channel,
      settings,
      execute: (command, argument) => this.around.execute(command, argument),
      crashed: () => {
        if (this.running !== client) return;
        this.running = undefined;
        this.crashed("Gloss's server has ended unexpectedly.");
      },
    });
    this.running = client;
    this.around.listen(client);
    try {
      await answersInTime(client.start());
      this.around.status({ state: "ready" });
      this.around.ready();
    } catch (error) {
      // Where it ended before it answered, that has been told.
      if (this.running !== client) return;
      this.running = undefined;
      void client.dispose().catch(() => undefined);
      channel.error(String(error));
      this.crashed("Gloss's server does not start; its log says more.");
    }
  }

  private async end(): Promise<void> {
    const client = this.running;
    this.running = undefined;
    try {
      await client?.dispose();
    } catch {
      // It did not listen; the client ends its process.
    }
    this.around.status({ state: "off" });
  }

  private crashed(text: string): void {
    this.fail(text, { Restart: () => this.restart() });
  }

  private fail(text: string, buttons: Buttons): void {
    this.around.status({ state: "failed", message: text });
    this.around.channel.error(text);
    void this.around.trouble.tell(text, { ...buttons, "Show Log": () => this.around.channel.show() });
  }

  private async install(flavour: Flavour): Promise<void> {
    const again = { "Try Again": () => this.install(flavour), "Choose Path": () => this.choosePath() };
    try {
      await window.withProgress(
        { location: ProgressLocation.Notification, cancellable: true, title: "Installing Gloss" },
        (progress, cancel) =>
          this.around.installation.install(
            flavour,
            (line) => {
              this.around.channel.info(line);
              progress.report({ message: line.slice(0, 80) });
            },
            cancel,
          ),
      );
    } catch (error) {
      const reason = error instanceof InstallError || error instanceof Error ? error.message : String(error);
      if (reason === "") this.around.status({ state: "off", message: "Gloss's server is not installed." });
      else this.fail(`Gloss's server could not be installed: ${reason}`, again);
      return;
    }
    await this.restart();
  }
}

async function answersInTime(start: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("It did not answer in time.")), PATIENCE);
  });
  try {
    await Promise.race([start, late]);
  } finally {
    clearTimeout(timer);
  }
}
