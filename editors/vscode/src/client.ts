// The language client: what this extension can do beyond the protocol, and what it changes on the way.

import {
  CodeActionTriggerKind,
  type Hover,
  type LogOutputChannel,
  type Position,
  type Range,
  type TextDocument,
  window,
} from "vscode";
import {
  type ClientCapabilities,
  CloseAction,
  ErrorAction,
  HoverRequest,
  LanguageClient,
  type Middleware,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import type { Found } from "./find";
import { explicitSettings } from "./settings";

export interface ClientOptions {
  readonly found: Found;
  /** Where the server runs: not the folder that is open, from which Python would load modules. */
  readonly cwd: string;
  readonly channel: LogOutputChannel;
  /** The names of all settings that are declared. */
  readonly settings: readonly string[];
  /** Runs a command of the server. */
  execute(command: string, argument: unknown): Promise<unknown>;
  /** The server has ended, and nobody asked it to. */
  crashed(): void;
}

/** The opt-in extensions of the server that this one knows. */
const EXTENSIONS: StaticFeature = {
  fillClientCapabilities: (capabilities: ClientCapabilities) => {
    const known = (capabilities.experimental ?? {}) as object;
    capabilities.experimental = { ...known, gloss: { stream: true, status: true, hoverRange: true, offers: true } };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

/** A client that leaves messages to `Trouble`: its own would be a second one, without a button that helps. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export function makeClient(options: ClientOptions): LanguageClient {
  const { found, channel } = options;
  const settings = (): Record<string, unknown> => explicitSettings(options.settings);
  const middleware: Middleware = {
    executeCommand: (command, args) => options.execute(command, args[0] ?? {}),
    provideCodeActions: (document, range, context, token, next) =>
      // The light bulb: where something is selected, Gloss has something to say about it.
      range.isEmpty || context.triggerKind === CodeActionTriggerKind.Invoke
        ? next(document, range, context, token)
        : next(document, range, { ...context, triggerKind: CodeActionTriggerKind.Invoke }, token),
    provideHover: async (document, position, token, next) => {
      const selected = selectionAround(document, position);
      if (selected === undefined) return await next(document, position, token);
      const params = {
        textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
        position: client.code2ProtocolConverter.asRange(selected),
      };
      const hover = await client.sendRequest<HoverAnswer>(HoverRequest.method, params, token);
      return client.protocol2CodeConverter.asHover(hover) as Hover | undefined;
    },
    workspace: {
      configuration: (params) => params.items.map((item) => (item.section === "gloss" ? settings() : null)),
    },
  };
  const client = new QuietClient(
    "gloss",
    "Gloss",
    { command: found.command, args: [...found.args, "serve"], options: { cwd: options.cwd } },
    {
      documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
      outputChannel: channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: settings,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          options.crashed();
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware,
    },
  );
  client.registerFeature(EXTENSIONS);
  return client;
}

type HoverAnswer = Parameters<LanguageClient["protocol2CodeConverter"]["asHover"]>[0];

function selectionAround(document: TextDocument, position: Position): Range | undefined {
  const editor = window.visibleTextEditors.find((each) => each.document === document);
  return editor?.selections.find((each) => !each.isEmpty && each.contains(position));
}
