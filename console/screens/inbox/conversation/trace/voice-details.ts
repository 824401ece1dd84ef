import { html, nothing, type TemplateResult } from "lit";
import type { EventOf } from "../../../../../protocol/events.ts";
import { formatDuration, formatNumber, formatPercent } from "../../../../foundation/format.ts";
import { asSaid } from "../../../../parts/as-said.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { pairs } from "../../../../parts/pairs.ts";
import { said } from "./said-json.ts";
import { detailWords } from "./detail-words.ts";
import type { Step } from "./step.ts";
import { asHeard, type Spoken } from "./voice-steps.ts";
import { voiceTraceWords } from "./voice-trace-words.ts";

/** A call, or its end. Which device it came from is known where its beginning is loaded. */
export function voiceCallDetails({ events }: Step): TemplateResult {
  const started = events.find((event) => event.type === "voice-call-started");
  const ended = events.find((event) => event.type === "voice-call-ended");
  const { place, recordedYes, recordedNo } = voiceTraceWords;
  return pairs([
    [voiceTraceWords.from, started === undefined ? undefined : place[started.via]],
    [voiceTraceWords.recording, started === undefined ? undefined : started.recorded === true ? recordedYes : recordedNo],
    [voiceTraceWords.cause, ended?.cause === undefined ? undefined : asSaid(hiddenShown(ended.cause))],
    [voiceTraceWords.call, callId(started ?? ended)],
  ]);
}

/** What was heard of the customer, and how long it took. */
export function spokenDetails({ text, spoken }: Spoken): TemplateResult {
  const { speechMs, partialMs, transcriptMs, confidence, engine } = spoken;
  return html`${pairs([
    [voiceTraceWords.spoke, speechMs === undefined ? undefined : formatDuration(speechMs)],
    [voiceTraceWords.partial, afterSpeech(partialMs)],
    [voiceTraceWords.transcript, afterSpeech(transcriptMs)],
    [voiceTraceWords.confidence, confidence === undefined ? undefined : formatPercent(confidence)],
    [voiceTraceWords.engine, engine === undefined ? undefined : html`<code>${hiddenShown(engine)}</code>`],
    [voiceTraceWords.call, callId(spoken)],
  ])}${said(detailWords.text, text)}`;
}

/** What the assistant said aloud, what of it was heard, and how soon. */
export function speechDetails(event: EventOf<"speech-heard" | "speech-cut">): TemplateResult {
  const { text, firstAudioMs, firstHeardMs, heardMs, underruns, underrunMs = 0, approvalId } = event;
  const cut = event.type === "speech-cut" ? event : undefined;
  return html`${pairs([
    [voiceTraceWords.firstAudio, afterSpeech(firstAudioMs)],
    [voiceTraceWords.firstHeard, afterSpeech(firstHeardMs)],
    [voiceTraceWords.heardFor, heardMs === undefined ? undefined : formatDuration(heardMs)],
    [voiceTraceWords.underruns, underruns === undefined ? undefined : underrunText(underruns, underrunMs)],
    [voiceTraceWords.cutBy, cut === undefined ? undefined : voiceTraceWords.cutByWhom[cut.cutBy]],
    [voiceTraceWords.toolCall, approvalId === undefined ? undefined : html`<code>${approvalId}</code>`],
    [voiceTraceWords.call, callId(event)],
  ])}
  ${text === "" ? html`<p class="muted">${voiceTraceWords.heardNothing}</p>` : said(voiceTraceWords.heard, asHeard(event, text))}
  ${cut === undefined || cut.unheard === "" ? nothing : said(voiceTraceWords.unheard, asHeard(event, cut.unheard))}`;
}

function afterSpeech(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : voiceTraceWords.afterSpeech(formatDuration(ms));
}

function underrunText(count: number, ms: number): string {
  return count === 0 ? voiceTraceWords.never : voiceTraceWords.times(count, formatNumber(count), formatDuration(ms));
}

function callId(of: { readonly voiceCallId: string } | undefined): TemplateResult | undefined {
  return of === undefined ? undefined : html`<code>${of.voiceCallId}</code>`;
}
