// What the user can ask for: the palette, the keys, the menu of the status bar, and the menu of code actions.

import { commands, type Disposable, type LogOutputChannel, type QuickPickItem, window } from "vscode";
import type { ExplanationView } from "./explanation";
import { failed, Jobs } from "./jobs";
import { type Ask, askForName, chooseModel, deleteModel } from "./models";
import type { Pages } from "./pages";
import { type Diagnosis, diagnosisPage, type Prompt, promptPage } from "./report";
import type { Server } from "./server";
import type { Status } from "./status";
import type { Trouble } from "./trouble";

interface Parts {
  readonly server: Server;
  readonly view: ExplanationView;
  readonly pages: Pages;
  readonly status: Status;
  readonly trouble: Trouble;
  readonly channel: LogOutputChannel;
}

export class Commands {
  private readonly jobs = new Jobs();

  constructor(private readonly parts: Parts) {}

  /** Declares the commands of `package.json`. */
  register(): Disposable[] {
    const handlers: Readonly<Record<string, () => unknown>> = {
      explain: () => this.here("gloss.explain"),
      translateComments: () => this.here("gloss.translateComments"),
      complete: () => this.here("gloss.complete"),
      stop: () => this.ask("gloss.stop", {}),
      chooseModel: () => this.chooseModel(),
      pullModel: () => this.pull(),
      deleteModel: () => deleteModel(this.ask),
      doctor: () => this.doctor(),
      showPrompt: () => this.showPrompt(),
      restart: () => this.parts.server.restart(),
      install: () => this.parts.server.offer("How shall Gloss's server be installed?"),
      showLog: () => this.parts.channel.show(),
      menu: () => this.menu(),
    };
    return Object.entries(handlers).map(([name, handler]) => commands.registerCommand(`gloss.vscode.${name}`, handler));
  }

  /** Runs a command of the server, as a job where it is one; what fails is told to the user. */
  async execute(command: string, argument: unknown): Promise<unknown> {
    const client = this.parts.server.client;
    if (client === undefined) {
      void window.showInformationMessage("Gloss's server is not running.", "Restart Server").then((pressed) => {
        if (pressed !== undefined) void this.parts.server.restart();
      });
      return undefined;
    }
    try {
      if (command in Jobs.TITLES) {
        return await this.jobs.run(client, command, argument, command === "gloss.explain" ? this.parts.view : undefined);
      }
      const params = { command, arguments: [argument] };
      return await client.sendRequest<unknown>("workspace/executeCommand", params);
    } catch (error) {
      // Where the server has ended there is a message already.
      if (this.parts.server.client === undefined) return undefined;
      const { message, offers } = failed(error);
      const helping = offers.map((offer) => [offer.title, () => this.execute(offer.command, offer.arguments[0])] as const);
      void this.parts.trouble.tell(message, {
        ...Object.fromEntries(helping),
        "What Is Wrong?": () => this.doctor(),
        "Choose Model": () => this.chooseModel(),
      });
      return undefined;
    }
  }

  /** Looks once at what there is, so that the status bar is true before anything was asked. */
  async lookAround(): Promise<void> {
    const found = (await this.parts.server.client
      ?.sendRequest("workspace/executeCommand", { command: "gloss.doctor", arguments: [{}] })
      .catch(() => undefined)) as Diagnosis | undefined;
    if (found === undefined || this.parts.status.busy) return;
    const model = found.uses.find((use) => use.task === "chat")?.model ?? "";
    const wrong = found.problems[0];
    this.parts.status.show(model === "" && wrong !== undefined ? { state: "failed", message: wrong } : { state: "ready", model });
  }

  private readonly ask: Ask = async (command, argument) => {
    const answer = await this.execute(command, argument);
    // Null is how the server says that it is done.
    return answer === null ? true : answer;
  };

  private async here(command: string): Promise<void> {
    const editor = window.activeTextEditor;
    const client = this.parts.server.client;
    if (editor === undefined) {
      void window.showInformationMessage("Gloss: open a file first.");
      return;
    }
    const range = client?.code2ProtocolConverter.asRange(editor.selection);
    await this.execute(command, { uri: client?.code2ProtocolConverter.asUri(editor.document.uri), range });
  }

  private async chooseModel(): Promise<void> {
    await chooseModel(this.ask);
    await this.lookAround();
  }

  private async pull(): Promise<void> {
    const name = await askForName();
    if (name === undefined) return;
    // The server says what it is used for from now on.
    if ((await this.ask("gloss.models.pull", { name })) !== undefined) await this.lookAround();
  }

  private async doctor(): Promise<void> {
    const found = (await this.execute("gloss.doctor", {})) as Diagnosis | undefined;
    if (found === undefined) return;
    await this.parts.pages.show("Doctor", diagnosisPage(found));
    await this.lookAround();
  }

  private async showPrompt(): Promise<void> {
    const prompt = (await this.execute("gloss.showPrompt", {})) as Prompt | null | undefined;
    if (prompt !== undefined) await this.parts.pages.show("Last prompt", promptPage(prompt));
  }

  private async menu(): Promise<void> {
    const { server, status } = this.parts;
    const item = (label: string, name: string): QuickPickItem & { name: string } => ({ label, name });
    const running = server.client !== undefined;
    const items = [
      ...(status.busy ? [item("$(debug-stop) Stop", "stop")] : []),
      ...(running
        ? [
            item("$(symbol-misc) Choose model", "chooseModel"),
            item("$(cloud-download) Pull a model", "pullModel"),
            item("$(trash) Delete a model", "deleteModel"),
            item("$(pulse) Doctor: what works, and what does not", "doctor"),
            item("$(eye) Show the last prompt", "showPrompt"),
          ]
        : [item("$(desktop-download) Install the server", "install")]),
      item("$(refresh) Restart the server", "restart"),
      item("$(output) Show the log", "showLog"),
    ];
    const chosen = await window.showQuickPick(items, { title: "Gloss" });
    if (chosen !== undefined) await commands.executeCommand(`gloss.vscode.${chosen.name}`);
  }
}
