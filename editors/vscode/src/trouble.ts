// What went wrong, as one message with buttons, however often it goes wrong.

import { window } from "vscode";

/** Buttons by their titles, and what each does. */
export type Buttons = Readonly<Record<string, () => unknown>>;

export class Trouble {
  private shown: string | undefined;

  /** Shows a message, unless the same one still waits for an answer. */
  async tell(text: string, buttons: Buttons, severity: "error" | "info" = "error"): Promise<void> {
    if (this.shown === text) return;
    this.shown = text;
    const show = severity === "error" ? window.showErrorMessage : window.showInformationMessage;
    const pressed = await show(text, ...Object.keys(buttons));
    if (this.shown === text) this.shown = undefined;
    if (pressed !== undefined) await buttons[pressed]?.();
  }
}
