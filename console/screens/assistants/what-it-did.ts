import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api, type Page } from "../../api/client.ts";
import type { Conversation, Event as JournalEvent } from "../../api/types.ts";
import { formatDuration } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { asSaid } from "../../parts/as-said.ts";
import "../../parts/json-view.ts";
import { show, skeleton } from "../../parts/states.ts";
import { status, type Tone } from "../../parts/status.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { didWords } from "./did-words.ts";

const EVERY_MS = 3_000;
const EVENTS = 200;

interface Did {
  /** The conversation in which it was tried last. */
  readonly conversation: Conversation | undefined;
  readonly events: readonly JournalEvent[];
}

/** What the draft did in the preview: the tools that it used, with what was sent and what came back. */
@customElement("desk-what-it-did")
export class DeskWhatItDid extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  readonly #did = new Resource<Did>(this, { load: async (signal) => this.#load(signal), everyMs: EVERY_MS });

  override updated(changed: PropertyValues<this>): void {
    if (changed.get("assistantKey")) void this.#did.restart();
  }

  override render() {
    return show(
      this.#did,
      ({ events }) => this.#told(events),
      () => skeleton(2),
    );
  }

  #told(events: readonly JournalEvent[]): TemplateResult {
    const lines = linesOf(events as readonly Told[]);
    return html`<ol class="told" aria-live="polite">
      ${
        lines.length === 0
          ? html`<li class="muted">${didWords.nothing}</li>`
          : repeat(
              lines,
              ({ seq }) => seq,
              ({ shown }) => html`<li>${shown}</li>`,
            )
      }
    </ol>`;
  }

  /** The journal is read anew only where it grew. */
  async #load(signal: AbortSignal): Promise<Did> {
    const path = `/assistants/${this.assistantKey}/preview/conversations`;
    const [conversation] = (await api.get<Page<Conversation>>(path, { query: { limit: 1 }, signal })).body.items;
    const known = this.#did.value;
    if (conversation === undefined) return { conversation, events: [] };
    if (known?.conversation?.id === conversation.id && known.conversation.events === conversation.events) return known;
    const { body } = await api.get<Page<JournalEvent>>(`${path}/${conversation.id}/events`, { query: { limit: EVENTS }, signal });
    return { conversation, events: body.items };
  }
}

type Outcome = keyof typeof didWords.ended;

const OUTCOMES: Readonly<Record<Outcome, Tone>> = {
  ok: "good",
  failed: "bad",
  cancelled: "neutral",
  unknown: "warning",
  refused: "neutral",
};

interface Told extends JournalEvent {
  readonly text?: string;
  readonly outcome?: string;
  readonly tool?: { readonly title?: string; readonly name?: string };
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly argumentsText?: string;
  readonly callId?: string;
  readonly turnId?: string;
  readonly cause?: string;
  readonly refusal?: string;
  readonly durationMs?: number;
  readonly serverName?: string;
}

interface Line {
  readonly seq: number;
  readonly shown: TemplateResult;
}

/** A line for what people want to know; the rest of the journal is left out. A call has one, from its beginning to its end. */
function linesOf(all: readonly Told[]): readonly Line[] {
  const lines = all.flatMap((told) => {
    const shown = shownOf(told, all);
    return shown === undefined ? [] : [{ seq: told.seq, shown }];
  });
  return isRunning(all) ? [...lines, { seq: Infinity, shown: html`${status("busy", didWords.running)}` }] : lines;
}

/** A turn is under way, and waits for nobody. */
function isRunning(all: readonly Told[]): boolean {
  const has = (type: string, { turnId, callId }: Told): boolean =>
    all.some((other) => other.type === type && other.turnId === turnId && other.callId === callId);
  const waits = all.some((told) => told.type === "approval-requested" && !has("approval-decided", told) && !has("tool-call-ended", told));
  return !waits && all.some((told) => told.type === "turn-started" && !has("turn-ended", told));
}

function shownOf(told: Told, all: readonly Told[]): TemplateResult | undefined {
  switch (told.type) {
    case "message-received":
      return html`${didWords.asked(told.text ?? "")}`;
    case "tool-call-proposed":
      return callOf(
        told,
        all.filter(({ callId }) => callId === told.callId),
      );
    case "tools-unavailable":
      return html`${status("bad", didWords.unavailable(told.serverName ?? ""))}
        <p class="muted">${asSaid(told.cause)}</p>`;
    case "turn-ended":
      return endOf(told);
    default:
      return undefined;
  }
}

function endOf({ outcome, cause }: Told): TemplateResult {
  if (outcome === "done") return html`${status("good", didWords.answered)}`;
  if (outcome === "stopped") return html`${status("neutral", didWords.stopped)}`;
  return html`${status("bad", didWords.failed)} ${asSaid(cause)}`;
}

function callOf(proposed: Told, events: readonly Told[]): TemplateResult {
  const tool = hiddenShown(proposed.tool?.title ?? proposed.tool?.name ?? "");
  const end = events.find(({ type }) => type === "tool-call-ended");
  const details = html`<details class="disclosure">
    <summary>${didWords.details}</summary>
    <h4>${didWords.sent}</h4>
    ${proposed.arguments === undefined ? html`<pre class="result-text">${proposed.argumentsText ?? ""}</pre>` : html`<desk-json .value=${proposed.arguments} label=${didWords.sentOf(tool)}></desk-json>`}
    ${end === undefined ? nothing : resultOf(end)}
  </details>`;
  if (end === undefined) {
    const waits = events.some(({ type }) => type === "approval-requested") && !events.some(({ type }) => type === "approval-decided");
    return html`${status(waits ? "warning" : "busy", waits ? didWords.waits(tool) : didWords.calling(tool))}${details}`;
  }
  const outcome = outcomeOf(end);
  return html`${status(OUTCOMES[outcome], didWords.called(tool))}
    <span class="muted"
      >${didWords.ended[outcome]}${end.durationMs === undefined ? nothing : html` · ${formatDuration(end.durationMs)}`}</span
    >
    ${end.cause === undefined ? nothing : html`<p class="field-fault">${asSaid(end.cause)}</p>`}${details}`;
}

function resultOf({ text, cause, refusal }: Told): TemplateResult {
  const shown = text ?? cause ?? refusal;
  return html`<h4>${didWords.result}</h4>
    ${shown === undefined ? html`<p class="muted">${didWords.noResult}</p>` : html`<pre class="result-text" tabindex="0">${hiddenShown(shown)}</pre>`}`;
}

function outcomeOf({ outcome = "" }: Told): Outcome {
  return Object.hasOwn(OUTCOMES, outcome) ? (outcome as Outcome) : "failed";
}
