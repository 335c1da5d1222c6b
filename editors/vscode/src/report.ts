// What the doctor found and the last prompt, as Markdown for people.

import { about, type Model } from "./models";

/** What `gloss.doctor` answers; only what is shown. */
export interface Diagnosis {
  readonly version: string;
  readonly python: string;
  readonly platform: string;
  readonly backend: string;
  readonly reachable: boolean;
  readonly usable: boolean;
  readonly models: readonly Model[];
  readonly uses: readonly Use[];
  readonly settings: Readonly<Record<string, string>>;
  readonly settings_path: string;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

interface Use {
  readonly task: string;
  readonly model: string;
  readonly reason: string;
  readonly context: number;
  readonly [more: string]: unknown;
}

/** What `gloss.showPrompt` answers. */
export interface Prompt {
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly [more: string]: unknown;
}

export function diagnosisPage(found: Diagnosis): string {
  const tasks = found.uses.map((use) => {
    const context = use.context ? `, context ${use.context} tokens` : "";
    return `| ${cell(use.task)} | ${cell(use.model || "none")}${context} | ${cell(use.reason)} |`;
  });
  const settings = Object.entries(found.settings).map(([name, origin]) => `- \`${name}\` is set by ${plain(origin)}`);
  return [
    "# What works, and what does not",
    found.problems.length === 0 ? "Nothing is wrong." : list("What is wrong", found.problems),
    list("Worth knowing", found.notes),
    `**Backend**: ${plain(found.backend)}${found.reachable ? "" : " (does not answer)"}`,
    tasks.length === 0 ? "" : ["| task | model | why |", "|---|---|---|", ...tasks].join("\n"),
    list("Models", found.models.map((model) => `${model.name}: ${about(model)}`)),
    "## Settings",
    [`- your own file is \`${found.settings_path}\``, ...settings].join("\n"),
    `Gloss ${plain(found.version)}, Python ${plain(found.python)}, ${plain(found.platform)}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

export function promptPage(prompt: Prompt | null): string {
  if (prompt === null) return "# The last prompt\n\nNothing has been sent yet.\n";
  const { messages, ...rest } = prompt;
  const parts = (messages ?? []).map((message) => `## ${plain(message.role)}\n\n${fenced(message.content)}`);
  return ["# The last prompt, as it was sent", ...parts, "## All else", fenced(JSON.stringify(rest, null, 2))]
    .join("\n\n")
    .concat("\n");
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `## ${title}\n\n${items.map((item) => `- ${plain(item)}`).join("\n")}`;
}

/** A fence longer than any in the text, so that the text cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function cell(text: string): string {
  return plain(text).replaceAll("|", "\\|");
}

/** A text that means nothing but itself: names of models and reasons come from elsewhere. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\*_[\]<>#!]/g, "\\$&");
}
