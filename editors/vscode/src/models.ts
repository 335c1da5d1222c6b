// Models: which task uses which, fetching and removing them.

import { ConfigurationTarget, type QuickPickItem, window, workspace } from "vscode";

/** A model as `gloss.models.list` answers it; older servers leave out the later fields. */
export interface Model {
  readonly name: string;
  readonly size?: number;
  readonly parameters?: string;
  readonly chat?: boolean;
  readonly fill?: string;
  readonly embedding?: boolean;
  readonly loaded?: boolean;
  readonly remote_host?: string;
  readonly fits?: boolean;
  readonly can?: readonly string[];
  readonly used_for?: readonly string[];
}

/** Asks the server; undefined where it is not there, or has failed and the user was told. */
export type Ask = (command: string, argument: object) => Promise<unknown>;

const TASKS = [
  { label: "Explain", task: "chat", detail: "and all else that is written in sentences" },
  { label: "Translate comments", task: "translate", detail: "" },
  { label: "Complete", task: "complete", detail: "ghost text, and Complete Here" },
] as const;

/** Has the user choose a model for a task, and offers to keep the choice. */
export async function chooseModel(ask: Ask): Promise<void> {
  const models = await installed(ask);
  if (models === undefined) return;
  const used = (task: string): string => models.find((model) => model.used_for?.includes(task))?.name ?? "";
  const tasks = TASKS.map((each) => ({ ...each, description: used(each.task) }));
  const task = await window.showQuickPick(tasks, { title: "Gloss: choose a model", placeHolder: "For what?" });
  if (task === undefined) return;
  const usable = models.filter((model) => model.embedding !== true);
  const name = (await pick(usable, `A model for: ${task.label}`))?.name;
  if (name === undefined) return;
  if ((await ask("gloss.models.select", { task: task.task, name })) === undefined) return;
  const keep = "Keep";
  const text = `${name} is used for "${task.label}" until Gloss's server ends.`;
  if ((await window.showInformationMessage(text, keep)) !== keep) return;
  await workspace.getConfiguration("gloss").update(`models.${task.task}`, name, ConfigurationTarget.Global);
}

/** Asks for the name of a model to fetch. */
export async function askForName(): Promise<string | undefined> {
  const name = await window.showInputBox({
    title: "Gloss: pull a model",
    prompt: "The name of a model, as Ollama's library has it",
    placeHolder: "qwen2.5-coder:1.5b",
    validateInput: (text) => (/^\s*[\w./:@+-]*\s*$/.test(text) ? undefined : "This cannot be the name of a model."),
  });
  return name?.trim() || undefined;
}

/** Has the user choose a model to remove, and asks once more. */
export async function deleteModel(ask: Ask): Promise<void> {
  const models = await installed(ask);
  const model = models && (await pick(models, "Gloss: delete a model"));
  if (!model) return;
  const sure = "Delete";
  const text = `Delete ${model.name}${model.size ? `, ${gigabytes(model.size)}` : ""}? To have it again it has to be pulled.`;
  if ((await window.showWarningMessage(text, { modal: true }, sure)) !== sure) return;
  if ((await ask("gloss.models.delete", { name: model.name })) === undefined) return;
  void window.showInformationMessage(`${model.name} is deleted.`);
}

/** What is said of a model in a list: what it can do, its size, whether it is loaded and fits. */
export function about(model: Model): string {
  const can = model.can ?? [
    ...(model.chat ? ["chat"] : []),
    ...(model.fill !== undefined && model.fill !== "none" ? ["fill in the middle"] : []),
    ...(model.embedding ? ["embed"] : []),
  ];
  const parts = [
    can.join(", "),
    model.parameters ?? "",
    model.size ? gigabytes(model.size) : "",
    model.loaded ? "loaded" : "",
    model.fits === false ? "does not fit into memory" : "",
    model.remote_host ? `runs at ${model.remote_host}` : "",
    model.used_for?.length ? `used for ${model.used_for.join(", ")}` : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

async function installed(ask: Ask): Promise<Model[] | undefined> {
  const models = (await ask("gloss.models.list", {})) as Model[] | undefined;
  if (models?.length === 0) void window.showInformationMessage("No model is installed.");
  return models?.length ? models : undefined;
}

async function pick(models: readonly Model[], title: string): Promise<Model | undefined> {
  const items = models.map((model): QuickPickItem & { model: Model } => ({
    label: model.name,
    detail: about(model),
    model,
  }));
  return (await window.showQuickPick(items, { title, matchOnDetail: true }))?.model;
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
