import { html, nothing, type TemplateResult } from "lit";
import type { ApiProblem } from "../../api/problem.ts";

export interface EntryField {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "email" | "password";
  readonly autocomplete: "name" | "username" | "current-password" | "new-password";
  readonly hint?: string;
  readonly value?: string;
}

interface EntryForm {
  readonly fields: readonly EntryField[];
  readonly button: string;
  readonly isSending: boolean;
  readonly problem: ApiProblem | undefined;
  /** What is said of a problem that belongs to no field. */
  readonly said: string | undefined;
  readonly submit: (values: Readonly<Record<string, string>>) => void;
}

/** A form for people who are not signed in: plain fields, which password managers know. */
export function entryForm({ fields, button, isSending, problem, said, submit }: EntryForm): TemplateResult {
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    submit(Object.fromEntries([...data].map(([name, value]) => [name, typeof value === "string" ? value : ""])));
  };
  // What is known already needs no typing.
  const first = fields.findIndex(({ value }) => value === undefined);
  return html`<form class="entry-form" novalidate @submit=${send}>
    ${fields.map(({ name, label, type, autocomplete, hint, value }, at) => {
      const fault = problem?.faults.find(({ path }) => path === `/${name}`)?.message;
      return html`<div class="field">
        <label class="label" for=${name}>${label}</label>
        <input
          id=${name}
          name=${name}
          type=${type}
          autocomplete=${autocomplete}
          required
          value=${value ?? nothing}
          ?data-begins=${at === first}
          aria-describedby="${name}-hint ${name}-fault"
          aria-invalid=${fault === undefined ? "false" : "true"}
        />
        <div id="${name}-hint" class="hint" ?hidden=${hint === undefined || hint === fault}>${hint}</div>
        <div id="${name}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
      </div>`;
    })}
    <p role="alert" class="form-fault" ?hidden=${said === undefined}>${said ?? nothing}</p>
    <button class="primary wide" aria-disabled=${isSending ? "true" : "false"}>${button}</button>
  </form>`;
}
