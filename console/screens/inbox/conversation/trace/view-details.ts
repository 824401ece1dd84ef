import { html, type TemplateResult } from "lit";
import type { EventOf } from "../../../../../protocol/events.ts";
import { hiddenShown } from "../../../../parts/hidden-shown.ts";
import { pairs } from "../../../../parts/pairs.ts";
import { said } from "./said-json.ts";
import { viewTraceWords } from "./view-trace-words.ts";

/** What a view did, or what it tells the model. */
export function viewDetails(event: EventOf<"view-noted" | "view-context">): TemplateResult {
  const call: [string, TemplateResult] = [viewTraceWords.ofCall, html`<code>${event.callId}</code>`];
  if (event.type === "view-context")
    return html`${pairs([call])}
      ${event.text === "" ? html`<p class="muted">${viewTraceWords.takenBack}</p>` : said(viewTraceWords.said, event.text)}
      <p class="hint">${viewTraceWords.contextNote}</p>`;
  return pairs([call, [viewTraceWords.detail, event.detail === undefined ? undefined : hiddenShown(event.detail)]]);
}
