import { html, nothing, type TemplateResult } from "lit";
import type { ThreadState } from "../../thread/state.ts";
import { errorText } from "../foundation/error-text.ts";
import { reloadButton } from "../foundation/reload.ts";
import type { Speaking } from "../foundation/thread-context.ts";

/** Refusals that only the website's owner can mend. */
const WRONG_SET_UP: readonly string[] = ["origin-refused", "unknown-assistant", "bad-request"];
/** Refusals that loading the page again mends. */
const MENDED_BY_RELOAD: readonly string[] = ["unsupported-version", "not-signed-in", "identity-refused", "identity-expired"];

/** What is wrong with the connection, in a sentence; empty while all is well. */
function noticeText({ connection, refusal }: ThreadState, { words, formats }: Speaking): string {
  if (connection === "online") return "";
  if (connection !== "refused") return words[connection];
  if (refusal === undefined || WRONG_SET_UP.includes(refusal.code)) return words.wrongSetUp;
  const text = errorText(refusal, words)!;
  return refusal.retryAfterMs === undefined ? text : `${text} ${words.tryAgainIn(formats.left(refusal.retryAfterMs))}`;
}

/** Short interruptions are not worth a word. */
const isShort = ({ connection }: ThreadState): boolean => connection.endsWith("connecting");

/** The same for a screen reader; empty for an interruption that is short. */
export function warningText(state: ThreadState, speaking: Speaking): string {
  return isShort(state) ? "" : noticeText(state, speaking);
}

/** The bar above the composer. Short interruptions pass before it is seen. */
export function notice(state: ThreadState, speaking: Speaking): TemplateResult | typeof nothing {
  const text = noticeText(state, speaking);
  if (text === "") return nothing;
  return html`<p id="notice" class="notice ${isShort(state) ? "late" : ""}" part="notice">
    ${text} ${MENDED_BY_RELOAD.includes(state.refusal?.code ?? "") ? reloadButton(speaking.words) : nothing}
  </p>`;
}

/** Explains on the console, for the website's owner, what to change. */
export function explain(state: ThreadState, server: string, assistant: string): void {
  if (state.connection !== "offline") import("./advice.ts").then(({ advise }) => advise(state, server, assistant), console.error);
}
