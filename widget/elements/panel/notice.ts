import { html, nothing, type TemplateResult } from "lit";
import type { ThreadState } from "../../thread/state.ts";
import type { Formats } from "../../words/formats.ts";
import type { Words } from "../../words/types/words.ts";

/** Refusals that only the website's owner can mend. */
const WRONG_SET_UP: readonly string[] = ["origin-refused", "unknown-assistant"];
/** Refusals that loading the page again mends. */
const MENDED_BY_RELOAD: readonly string[] = ["unsupported-version", "not-signed-in"];

/** What is wrong with the connection, in a sentence; empty while all is well. */
export function noticeText({ connection, refusal }: ThreadState, words: Words, formats: Formats): string {
  switch (connection) {
    case "online":
      return "";
    case "connecting":
      return words.connecting;
    case "reconnecting":
      return words.reconnecting;
    case "offline":
      return words.offline;
    case "refused": {
      if (refusal === undefined || WRONG_SET_UP.includes(refusal.code)) return words.wrongSetUp;
      const text = words.errors[refusal.code] ?? refusal.message;
      return refusal.retryAfterMs === undefined ? text : `${text} ${words.tryAgainIn(formats.left(refusal.retryAfterMs))}`;
    }
  }
}

/** The bar above the composer. Short interruptions pass before it is seen. */
export function notice(state: ThreadState, words: Words, formats: Formats): TemplateResult | typeof nothing {
  const text = noticeText(state, words, formats);
  if (text === "") return nothing;
  const isBrief = state.connection === "connecting" || state.connection === "reconnecting";
  return html`<p class="notice ${isBrief ? "late" : ""}" part="notice">
    ${text}
    ${MENDED_BY_RELOAD.includes(state.refusal?.code ?? "") ? html`<button class="link" @click=${() => location.reload()}>${words.reload}</button>` : nothing}
  </p>`;
}

/** Tells the website's owner, where they look for it, what to mend. */
export function explainRefusal({ refusal }: ThreadState, server: string, assistant: string): void {
  if (refusal === undefined || !WRONG_SET_UP.includes(refusal.code)) return;
  console.error(
    `Frontdesk: ${server} refused this page: ${refusal.message}\n` +
      (refusal.code === "origin-refused"
        ? `Add "${location.origin}" to "allowedOrigins" of the assistant "${assistant}".`
        : `Is "${assistant}" one of its assistants?`),
  );
}
