import { html, nothing, type TemplateResult } from "lit";
import type { HttpToolTrial, TriedMcpTool } from "../../../api/types.ts";
import { formatDuration, formatList, formatNumber } from "../../../foundation/format.ts";
import "../../../parts/json-view.ts";
import { badge, status, type Tone } from "../../../parts/status.ts";
import { isObject } from "../tool/json-schema.ts";
import { tryWords } from "./try-words.ts";

/** Of an MCP server's tool, or of an HTTP tool. */
export type Trial = Pick<TriedMcpTool, "outcome" | "structured" | "cause"> & {
  readonly content: readonly unknown[];
  readonly timing: TriedMcpTool["timing"];
} & Partial<Pick<TriedMcpTool, "isError" | "needs" | "headers" | "messages" | "leftOutMessages">> &
  Partial<Pick<HttpToolTrial, "exchange">>;

const TONES: Readonly<Record<Trial["outcome"], Tone>> = {
  ok: "good",
  failed: "bad",
  cancelled: "neutral",
  unknown: "warning",
  refused: "warning",
};
const LONGEST_TEXT = 20_000;
const PICTURES = /^image\/(?:png|jpeg|gif|webp)$/;

export function tryResult(trial: Trial): TemplateResult {
  const { outcome, isError = false, cause, needs, content, structured } = trial;
  const hasNothing = content.length === 0 && structured === undefined;
  return html`<h3>${tryWords.result}</h3>
    <p>
      ${status(isError ? "bad" : TONES[outcome], isError ? tryWords.errorResult : tryWords.outcomes[outcome])}
      <span class="muted">· ${times(trial)}</span>
    </p>
    ${cause === undefined ? nothing : html`<p class="reason">${cause}</p>`} ${needs === undefined ? nothing : needed(needs)}
    ${content.map(contentBlock)} ${hasNothing && outcome === "ok" ? html`<p class="muted">${tryWords.nothing}</p>` : nothing}
    ${
      structured === undefined
        ? nothing
        : html`<h3>${tryWords.structured}</h3>
            <desk-json .value=${structured} label=${tryWords.structured}></desk-json>`
    }
    ${exchange(trial)} ${messages(trial)}`;
}

function times({ timing }: Trial): string {
  const { connectMs, firstByteMs, callMs, wholeMs } = timing;
  const said = [
    [connectMs, tryWords.connect],
    [firstByteMs, tryWords.firstByte],
    [callMs, tryWords.called],
    [wholeMs, tryWords.whole],
  ] as const;
  return said.flatMap(([ms, words]) => (ms === undefined ? [] : [words(formatDuration(ms))])).join(" · ");
}

/** What it wants that a try has not. */
function needed({ kind, message, questions }: NonNullable<Trial["needs"]>): TemplateResult {
  return html`<div class="note" data-tone="warning">
    <div>
      <p><strong>${tryWords.needs[kind]}.</strong> ${message}</p>
      ${
        questions.length === 0
          ? nothing
          : html`<ul class="dots">
              ${questions.map((question) => html`<li>${question}</li>`)}
            </ul>`
      }
    </div>
  </div>`;
}

/** A piece of what a tool returned. */
export function contentBlock(given: unknown): TemplateResult {
  if (!isObject(given)) return html`<desk-json .value=${given} label=${tryWords.result}></desk-json>`;
  const { kind } = given;
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  if (kind === "text") return textBlock(text("text"));
  if (kind === "image" && PICTURES.test(text("mimeType")))
    return html`<figure class="picture">
      <img src="data:${text("mimeType")};base64,${text("data")}" alt=${tryWords.picture(text("mimeType"))} />
      <figcaption class="muted">${size(text("mimeType"), text("data"))}</figcaption>
    </figure>`;
  if (kind === "image" || kind === "audio") return html`<p>${size(text("mimeType"), text("data"))}</p>`;
  if (kind === "resource") {
    const blob = text("blob");
    return html`<p><code>${text("uri")}</code> <span class="muted">${text("mimeType")}</span></p>
      ${text("text") === "" ? nothing : textBlock(text("text"))} ${blob === "" ? nothing : html`<p>${size(text("mimeType"), blob)}</p>`}`;
  }
  if (kind === "resource-link")
    return html`<p>
      <strong>${text("title") || text("name")}</strong> <code>${text("uri")}</code>
      <span class="muted">${text("mimeType")} ${text("description")}</span>
    </p>`;
  return html`<desk-json .value=${given} label=${tryWords.result}></desk-json>`;
}

function textBlock(text: string): TemplateResult {
  const json = jsonOf(text);
  if (json !== undefined) return html`<desk-json .value=${json} label=${tryWords.result}></desk-json>`;
  if (text.length > LONGEST_TEXT) return html`<desk-json .value=${text} label=${tryWords.result}></desk-json>`;
  return html`<pre class="result-text" tabindex="0" role="region" aria-label=${tryWords.result}>${text}</pre>`;
}

/** Of an object or a list only: a number is text enough. */
function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function size(type: string, base64: string): string {
  return tryWords.file(type, formatNumber(Math.floor((base64.length * 3) / 4)));
}

function messages({ messages: all = [], leftOutMessages = 0, headers = [] }: Trial): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<details class="disclosure">
    <summary>${tryWords.messages(all.length)}</summary>
    ${headers.length === 0 ? nothing : html`<p class="muted">${tryWords.sentHeaders(formatList(headers))}</p>`}
    ${all.map(
      ({ direction, atMs, bytes, message, beginning }) =>
        html`<p class="message-head">
            ${badge(tryWords.directions[direction])}
            <span class="muted">${formatDuration(atMs)} · ${tryWords.bytes(formatNumber(bytes))}</span>
          </p>
          <desk-json .value=${message ?? beginning} label=${tryWords.directions[direction]}></desk-json>`,
    )}
    ${leftOutMessages === 0 ? nothing : html`<p class="muted">${tryWords.leftOutMessages(leftOutMessages)}</p>`}
  </details>`;
}

function exchange({ exchange: given }: Trial): TemplateResult | typeof nothing {
  if (given === undefined) return nothing;
  const { request, response } = given;
  return html`<details class="disclosure" open>
    <summary>${tryWords.request}</summary>
    <p><code>${request.method} ${request.url}</code></p>
    ${request.headers.length === 0 ? nothing : html`<p class="muted">${tryWords.sentHeaders(formatList(request.headers))}</p>`}
    ${request.body === undefined ? nothing : textBlock(request.body)}
    <h3>${tryWords.response}</h3>
    ${
      response === undefined
        ? html`<p>${tryWords.noAnswer}</p>`
        : html`<p>
              <code>${response.status} ${response.contentType}</code>
              <span class="muted">${tryWords.bytes(formatNumber(response.bytes))}</span>
            </p>
            ${textBlock(response.body)} ${response.cut ? html`<p class="muted">${tryWords.cut}</p>` : nothing}`
    }
  </details>`;
}
