import { html, nothing, type TemplateResult } from "lit";
import type { ApiProblem } from "../api/problem.ts";
import type { PageElement } from "../foundation/page-element.ts";
import type { Form } from "../foundation/form.ts";
import { icon } from "./icon.ts";
import { partWords } from "./part-words.ts";

interface SaveBar {
  readonly label?: string;
  /** Paths of the fields that are drawn: faults elsewhere are said here. */
  readonly drawn: (path: string) => boolean;
  readonly more?: TemplateResult;
  /** What a button of the bar found out: read where it was pressed. */
  readonly result?: unknown;
  /** New things may be saved as they are. */
  readonly isNew?: boolean;
}

/** The end of a form: what is wrong with it, and Save. It stays in view while there are changes. */
export function saveBar(
  form: Form<object>,
  { label = partWords.save, drawn, more, result = nothing, isNew = false }: SaveBar,
): TemplateResult {
  const problem = form.problemBeside(drawn);
  const isOpen = form.conflicts.length > 0;
  return html`<footer class="save-bar" data-dirty=${form.isDirty ? "" : nothing}>
    ${problem === undefined ? nothing : html`<p class="form-fault" role="alert">${icon("alert")}<span>${saidOf(form, problem, drawn)}</span></p>`}
    <div class="bar-result" role="status">${result}</div>
    <div class="actions">
      <span class="muted" aria-live="polite">${isOpen ? partWords.openConflicts : form.isDirty ? partWords.unsaved : nothing}</span>
      ${more ?? nothing}
      ${form.isDirty && !isNew ? html`<button type="button" class="quiet" @click=${() => form.reset()}>${partWords.discard}</button>` : nothing}
      <button
        class="primary"
        aria-disabled=${form.isSending || isOpen || (!isNew && !form.isDirty) ? "true" : "false"}
        aria-busy=${form.isSending ? "true" : nothing}
      >
        ${form.isSending ? partWords.saving : label}
      </button>
    </div>
  </footer>`;
}

/** Brings what was found out into view, success as well. */
export async function showResult(host: PageElement): Promise<void> {
  await host.updateComplete;
  host.querySelector(".bar-result")?.scrollIntoView({ block: "nearest" });
}

function saidOf(form: Form<object>, problem: ApiProblem, drawn: (path: string) => boolean): string {
  if (problem.code === "offline") return partWords.offline;
  if (problem.code === "version-changed") return partWords.changedMeanwhile;
  const beside = (form.problem?.faults ?? []).filter(({ path }) => !drawn(path)).map(({ path, message }) => `${path}: ${message}`);
  return [problem.message, ...beside].join(" ");
}
