// The item in the status bar: ready, loading, thinking with seconds, or what is wrong.

import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";

/** What the server says of itself in `gloss/status`, and what this extension knows without it. */
export interface Doing {
  readonly state: "ready" | "loading" | "working" | "failed" | "starting" | "off";
  readonly task?: string;
  readonly model?: string;
  readonly message?: string;
}

export class Status {
  private readonly item: StatusBarItem;
  private doing: Doing = { state: "off" };
  private model = "";
  private since = 0;
  private clock: NodeJS.Timeout | undefined;

  constructor(command: string) {
    this.item = window.createStatusBarItem("gloss.status", StatusBarAlignment.Right, 100);
    this.item.name = "Gloss";
    this.item.command = command;
    this.draw();
    this.item.show();
  }

  dispose(): void {
    clearInterval(this.clock);
    this.item.dispose();
  }

  get busy(): boolean {
    return this.doing.state === "loading" || this.doing.state === "working";
  }

  show(doing: Doing): void {
    const was = this.busy;
    this.doing = doing;
    if (doing.model) this.model = doing.model;
    if (!this.busy) {
      clearInterval(this.clock);
      this.clock = undefined;
    } else if (!was) {
      this.since = Date.now();
      this.clock = setInterval(() => this.draw(), 1000);
    }
    this.draw();
  }

  private draw(): void {
    const { state, task, message } = this.doing;
    const seconds = `${Math.floor((Date.now() - this.since) / 1000)} s`;
    const text = {
      off: "$(circle-slash) Gloss: off",
      starting: "$(loading~spin) Gloss: starting",
      ready: `$(book) Gloss: ready${this.model === "" ? "" : ` (${this.model})`}`,
      // The server counts the seconds of loading by itself.
      loading: `$(loading~spin) Gloss: ${message || `loading, ${seconds}`}`,
      working: `$(loading~spin) Gloss: ${message ? "writing" : "thinking"}, ${seconds}`,
      failed: "$(error) Gloss: failed",
    }[state];
    this.item.text = text;
    this.item.backgroundColor = state === "failed" ? new ThemeColor("statusBarItem.errorBackground") : undefined;
    const tooltip = new MarkdownString();
    tooltip.appendText([task, message].filter((part) => part).join(": ") || "Gloss: stop, models, doctor");
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: text.replace(/\$\([^)]*\) /, "") + (message ? `, ${message}` : "") };
  }
}
