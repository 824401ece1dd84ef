import { html, nothing, type TemplateResult } from "lit";
import type { ApiProblem } from "../api/problem.ts";
import type { Loading } from "../foundation/resource.ts";
import { icon, type IconName } from "./icon.ts";
import { partWords } from "./part-words.ts";

/** Lines in the shape of what comes. They appear after 150 ms: what is quick does not flash. */
export function skeleton(lines = 4): TemplateResult {
  return html`<div class="skeleton" role="status" aria-label=${partWords.loading}>
    ${Array.from({ length: lines }, () => html`<i></i>`)}
  </div>`;
}

/** What is not there yet, and the one next step. */
export function emptyState(given: { icon: IconName; title: string; text: string; action?: TemplateResult }): TemplateResult {
  return html`<section class="empty">
    ${icon(given.icon, 28)}
    <h2>${given.title}</h2>
    <p>${given.text}</p>
    ${given.action ?? nothing}
  </section>`;
}

export function faultState(problem: ApiProblem, again?: () => void): TemplateResult {
  return html`<section class="fault" role="alert">
    ${icon("alert", 20)}
    <div>
      <p><strong>${partWords.notLoaded}</strong> ${problem.message}</p>
      ${again === undefined ? nothing : html`<button @click=${again}>${icon("reload")}${partWords.tryAgain}</button>`}
    </div>
  </section>`;
}

/** What a screen is about is not there, or not now: its heading as well. */
function noPage(problem: ApiProblem, again: () => void): TemplateResult {
  const isMissing = problem.status === 404;
  return html`<section class="empty" role="alert">
    ${icon(isMissing ? "search" : "alert", 28)}
    <h1>${isMissing ? partWords.notThere : partWords.notLoaded}</h1>
    <p>${problem.message}</p>
    ${isMissing ? nothing : html`<button @click=${again}>${icon("reload")}${partWords.tryAgain}</button>`}
  </section>`;
}

interface Shown<Value> {
  readonly state: Loading<Value>;
  reload(): Promise<void>;
}

/** As `show`, for what has the heading of the screen. */
export function showPage<Value>(resource: Shown<Value>, draw: (value: Value) => unknown, waiting?: () => TemplateResult): unknown {
  if (resource.state.status === "failed") return noPage(resource.state.problem, () => void resource.reload());
  return show(resource, draw, waiting);
}

/** Draws what a resource has, or why it has nothing yet. */
export function show<Value>(resource: Shown<Value>, draw: (value: Value) => unknown, waiting: () => TemplateResult = skeleton): unknown {
  const { state } = resource;
  if (state.status === "loading") return waiting();
  if (state.status === "failed") return faultState(state.problem, () => void resource.reload());
  return html`${state.problem === undefined ? nothing : faultState(state.problem, () => void resource.reload())}${draw(state.value)}`;
}
