import { html, nothing, type TemplateResult } from "lit";
import type { ThreadState } from "../../thread/state.ts";
import { errorText } from "../foundation/error-text.ts";
import { reloadButton } from "../foundation/reload.ts";
import type { Speaking } from "../foundation/thread-context.ts";

/** Refusals that only the website's owner can mend. */
const WRONG_SET_UP: readonly string[] = ["origin-refused", "unknown-assistant"];
/** Refusals that loading the page again mends. */
const MENDED_BY_RELOAD: readonly string[] = ["unsupported-version", "not-signed-in"];

/** What is wrong with the connection, in a sentence; empty while all is well. */
function noticeText({ connection, refusal }: ThreadState, { words, formats }: Speaking): string {
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
      const text = errorText(refusal, words)!;
      return refusal.retryAfterMs === undefined ? text : `${text} ${words.tryAgainIn(formats.left(refusal.retryAfterMs))}`;
    }
  }
}

/** Short interruptions are not worth a word. */
const isLasting = ({ connection }: ThreadState): boolean => connection === "offline" || connection === "refused";

/** The same for a screen reader; empty for an interruption that is short. */
export function warningText(state: ThreadState, speaking: Speaking): string {
  return isLasting(state) ? noticeText(state, speaking) : "";
}

/** The bar above the composer. Short interruptions pass before it is seen. */
export function notice(state: ThreadState, speaking: Speaking): TemplateResult | typeof nothing {
  const text = noticeText(state, speaking);
  if (text === "") return nothing;
  return html`<p class="notice ${isLasting(state) ? "" : "late"}" part="notice">
    ${text} ${MENDED_BY_RELOAD.includes(state.refusal?.code ?? "") ? reloadButton(speaking.words) : nothing}
  </p>`;
}

/** Explains on the console, for the website's owner, what to change. */
export function explainRefusal({ refusal }: ThreadState, server: string, assistant: string): void {
  if (refusal === undefined || !WRONG_SET_UP.includes(refusal.code)) return;
  console.error(`Frontdesk: ${server} refuses the assistant "${assistant}" here: ${refusal.message} ${refusal.detail ?? ""}`);
}
