// Puts the parts together, and takes them apart.

import * as path from "node:path";
import { type ExtensionContext, window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { Commands } from "./commands";
import { ExplanationView, type Words } from "./explanation";
import { Installation } from "./installation";
import { Pages } from "./pages";
import { Server } from "./server";
import { type Doing, Status } from "./status";
import { Trouble } from "./trouble";

export function activate(context: ExtensionContext): void {
  const channel = window.createOutputChannel("Gloss", { log: true });
  const status = new Status("gloss.vscode.menu");
  const view = new ExplanationView();
  const pages = new Pages();
  const trouble = new Trouble();
  const server: Server = new Server({
    installation: new Installation(context.globalStorageUri.fsPath, path.join(context.extensionPath, "server")),
    trouble,
    channel,
    settings: declaredSettings(context),
    execute: (command, argument) => asked.execute(command, argument),
    status: (doing) => status.show(doing),
    listen: (client: LanguageClient) => {
      client.onNotification("gloss/stream", (words: Words) => view.write(words));
      client.onNotification("gloss/status", (doing: Doing) => status.show(doing));
    },
    ready: () => void asked.lookAround(),
  });
  const asked = new Commands({ server, view, pages, status, trouble, channel });
  context.subscriptions.push(
    channel,
    status,
    view,
    pages,
    workspace.registerTextDocumentContentProvider(ExplanationView.SCHEME, view),
    workspace.registerTextDocumentContentProvider(Pages.SCHEME, pages),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gloss.path")) void server.restart();
      else if (event.affectsConfiguration("gloss.backend") || event.affectsConfiguration("gloss.models")) {
        void asked.lookAround();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => void (server.client === undefined && server.restart())),
    ...asked.register(),
    { dispose: () => void server.stop() },
  );
  void server.restart();
}

function declaredSettings(context: ExtensionContext): string[] {
  const manifest = context.extension.packageJSON as {
    contributes: { configuration: readonly { properties: Readonly<Record<string, unknown>> }[] };
  };
  return manifest.contributes.configuration.flatMap((group) => Object.keys(group.properties));
}
