import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { WaitingApproval } from "../../api/types.ts";
import { formatExactly, formatLeft } from "../../foundation/format.ts";
import { argumentText } from "../../parts/argument-value.ts";
import { customerNamed } from "../../parts/customer-said.ts";
import { badge, type Tone } from "../../parts/status.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { approvalsWords } from "./approvals-words.ts";

type Risk = WaitingApproval["risks"][number];

const TONES: Readonly<Record<Risk, Tone>> = {
  "several-people": "warning",
  condition: "warning",
  destructive: "bad",
  untrusted: "warning",
  writes: "neutral",
};

export function risks({ risks: given, preview, escalated }: WaitingApproval): TemplateResult {
  // Whatever may destroy something changes something.
  const told = given.filter((risk) => risk !== "writes" || !given.includes("destructive"));
  return html`${told.map((risk) => html`${badge(approvalsWords.risks[risk], TONES[risk])} `)}
  ${escalated === true ? badge(approvalsWords.escalated) : nothing} ${preview ? badge(approvalsWords.preview) : nothing}`;
}

/** For whom it is, and where it goes. Nobody is a customer in a preview. */
export function forWhom(approval: WaitingApproval): TemplateResult {
  const { preview, serverName, server } = approval;
  return html`<span class="muted">${preview ? nothing : html`${customerNamed(approval)} · `}${hiddenShown(serverName || server)}</span>`;
}

/** The values that a person tells calls of one tool apart by, in one line. */
export function inOneLine({ fields }: WaitingApproval): string {
  return fields.map((field) => `${field.title}: ${hiddenShown(argumentText(field))}`).join(" · ");
}

/** Less than this is soon. */
const SOON_MS = 5 * 60_000;

/** How long it can still be decided. */
export function timeLeft(expiresAt: number): TemplateResult {
  const left = expiresAt - Date.now();
  return html`<time
    class="status"
    data-tone=${left < SOON_MS ? "warning" : "neutral"}
    datetime=${new Date(expiresAt).toISOString()}
    title=${formatExactly(expiresAt)}
    >${left <= 0 ? approvalsWords.over : approvalsWords.ends(formatLeft(left))}</time
  >`;
}

/** One line for why something is rejected. `onEnter`: the person is done with it. */
export function reasonField(
  id: string,
  label: string,
  given: { reason: string; set: (reason: string) => void; onEnter?: () => void },
): TemplateResult {
  return html`<div class="field">
    <label class="label" for=${id}>${label}</label>
    <input
      id=${id}
      maxlength="500"
      autocomplete="off"
      aria-describedby="${id}-hint"
      .value=${live(given.reason)}
      @input=${(event: Event) => given.set((event.currentTarget as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Enter" || event.repeat || event.isComposing || given.onEnter === undefined) return;
        event.preventDefault();
        given.onEnter();
      }}
    />
    <div id="${id}-hint" class="hint">${approvalsWords.reasonHint}</div>
  </div>`;
}
