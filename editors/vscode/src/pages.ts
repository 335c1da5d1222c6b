// Pages to read that are no files: what the doctor found, the last prompt.

import { commands, EventEmitter, type TextDocumentContentProvider, Uri } from "vscode";

export class Pages implements TextDocumentContentProvider {
  static readonly SCHEME = "gloss-page";

  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string>();

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Shows a page as rendered Markdown; one of the same name takes its place. */
  async show(name: string, markdown: string): Promise<void> {
    const uri = Uri.from({ scheme: Pages.SCHEME, path: `/${name}.md` });
    this.texts.set(uri.path, markdown);
    this.changed.fire(uri);
    await commands.executeCommand("markdown.showPreview", uri);
  }
}
