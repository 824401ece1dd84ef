import type { ReactiveControllerHost } from "lit";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { AssistantState, Draft } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { may } from "../../../foundation/screen.ts";
import { askToLeave } from "../../../parts/dialogs.ts";
import { readTools, type ToolAtHand } from "./tools-at-hand.ts";

export interface Opened {
  readonly assistant: AssistantState;
  /** Absent: it is only looked at. */
  readonly draft: Draft | undefined;
  /** Undefined: nothing is known of them. */
  readonly tools: readonly ToolAtHand[] | undefined;
}

/** What the tabs of one assistant share: the assistant, its draft, and what was typed and is not saved. */
export class AssistantData {
  readonly #keyOf: () => string;
  readonly form: Form<object>;
  /** Of what is published. */
  version: string | undefined;
  draftVersion: string | undefined;
  isFile = false;

  constructor(host: ReactiveControllerHost, keyOf: () => string) {
    this.#keyOf = keyOf;
    this.form = new Form<object>(host, {}, { mayLeave: askToLeave, isInside: (path) => isTabOf(keyOf(), path) });
  }

  async load(signal: AbortSignal): Promise<Opened> {
    const path = `/assistants/${this.#keyOf()}`;
    const [{ body: assistant, version }, tools] = await Promise.all([
      api.get<AssistantState>(path, { signal }),
      readTools(this.#keyOf(), signal),
    ]);
    const draft = may("assistants.write") && assistant.source === "api" ? await readDraft(path, signal) : undefined;
    this.version = version;
    this.isFile = assistant.source === "file";
    this.draftVersion = draft?.version;
    this.form.rebase(inForm(draft?.body.settings ?? assistant), draft?.version);
    return { assistant, draft: draft?.body, tools };
  }

  /** False: it was refused, and the form says why. */
  async save(): Promise<boolean> {
    const { form } = this;
    const patch = form.patch();
    const answer = await form.submit(() => api.patch<Draft>(`/assistants/${this.#keyOf()}/draft`, patch, form.version));
    if (answer === undefined) return false;
    form.done();
    form.rebase(inForm(answer.body.settings), answer.version);
    return true;
  }
}

/** What is the widget's default is the empty choice. */
function inForm({ look: { theme, position, ...look }, ...settings }: Draft["settings"]): object {
  const more = { ...(theme === "system" ? {} : { theme }), ...(position === "end" ? {} : { position }) };
  return { ...settings, look: { ...look, ...more } };
}

/** Somebody who sees an assistant of others may not see its draft. */
async function readDraft(path: string, signal: AbortSignal) {
  try {
    return await api.get<Draft>(`${path}/draft`, { signal });
  } catch (error) {
    if (error instanceof ApiProblem && (error.code === "forbidden" || error.code === "read-only")) return undefined;
    throw error;
  }
}

function isTabOf(key: string, path: string): boolean {
  return path === `/assistants/${key}` || path.startsWith(`/assistants/${key}/`);
}
