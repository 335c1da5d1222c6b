// The explanation beside the code: one Markdown preview, which fills as the model's words come.

import {
  commands,
  EventEmitter,
  TabInputCustom,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
} from "vscode";
import type { Watcher } from "./jobs";

/** A notification `gloss/stream` of the server. */
export interface Words {
  readonly id: string | number;
  readonly seq: number;
  /** What is new; with `done`, the whole text. */
  readonly text: string;
  readonly done: boolean;
}

const PREVIEW = "vscode.markdown.preview.editor";
const WAITING = "*Waiting for the model…*";

export class ExplanationView implements TextDocumentContentProvider, Watcher {
  static readonly SCHEME = "gloss-explanation";
  /** One document for all explanations: so there is one preview, and the newest explanation is in it. */
  private static readonly URI = Uri.from({ scheme: ExplanationView.SCHEME, path: "/Explanation.md" });

  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private token: string | undefined;
  private words = "";
  private text = WAITING;

  provideTextDocumentContent(): string {
    return this.text;
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Shows the preview for a job that begins, and leaves the focus where it is. */
  begin(token: string): void {
    this.token = token;
    this.words = "";
    this.show(WAITING);
    // As a custom editor, the only way to the built-in preview that can be told not to take the focus.
    void commands.executeCommand("vscode.openWith", ExplanationView.URI, PREVIEW, {
      viewColumn: columnOfPreview() ?? ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
  }

  /** Takes words of the job that is shown. */
  write(words: Words): void {
    if (words.id !== this.token) return;
    this.words = words.done ? words.text : this.words + words.text;
    this.show(this.words);
  }

  end(token: string, failure?: string): void {
    // What has come is kept; the server has put the reason below it.
    if (token === this.token && this.words === "") this.show(failure === "" ? "*Stopped.*" : (failure ?? ""));
  }

  private show(text: string): void {
    this.text = text;
    this.changed.fire(ExplanationView.URI);
  }
}

/** Where the preview is now: moved by the user, it stays there. */
function columnOfPreview(): ViewColumn | undefined {
  const group = window.tabGroups.all.find((each) =>
    each.tabs.some((tab) => tab.input instanceof TabInputCustom && tab.input.uri.scheme === ExplanationView.SCHEME),
  );
  return group?.viewColumn;
}
