import { html, nothing, type TemplateResult } from "lit";
import type { TriedMcpServer } from "../../../api/types.ts";
import { formatDuration } from "../../../foundation/format.ts";
import { badge, status } from "../../../parts/status.ts";
import { formWords } from "./form-words.ts";
import { toolsWords } from "../tools-words.ts";
import type { ServerTest } from "./server-test.ts";
import { adviceOn, reasonWords } from "../../../parts/advice-words.ts";
import { signInWords } from "../../../parts/sign-in-words.ts";
import { asSaid } from "../../../parts/as-said.ts";

/**
 * In one line, where the address is typed, unless somebody pressed the button: then it stands there. It has its room from
 * the beginning, so nothing jumps.
 */
export function testLine({ state, isPressed }: ServerTest): TemplateResult {
  return html`<div class="test-line" aria-live="polite">${isPressed ? nothing : line(state)}</div>`;
}

/** What is read beside the button: how it went, and what to do. */
export function testResult({ state, isPressed }: ServerTest, { isOauth }: { readonly isOauth: boolean }): unknown {
  return html`${isPressed && state.status !== "testing" ? line(state) : nothing}${reason(state, isOauth)}`;
}

function line(state: ServerTest["state"]): unknown {
  if (state.status === "idle") return nothing;
  if (state.status === "testing") return status("busy", formWords.testing);
  if (state.status === "refused") return status("bad", toolsWords.disconnected);
  const { found } = state;
  if (found.status === "disconnected")
    return isSignIn(found) ? status("warning", signInWords.needed) : status("bad", toolsWords.disconnected);
  const { transport, roundTripMs, tools } = found;
  const parts = [formWords.found(tools.length), ...(roundTripMs === undefined ? [] : [formWords.took(formatDuration(roundTripMs))])];
  return html`${status("good", transport === undefined ? toolsWords.connected : formWords.foundVia(formWords.transports[transport]))}
    <span class="muted">· ${parts.join(" · ")}</span>`;
}

/** The tools that the test found. */
export function testedTools({ state }: ServerTest): TemplateResult | typeof nothing {
  if (state.status !== "found") return nothing;
  return html`<div class="test-outcome">${foundTools(state.found.tools)} ${leftOutTools(state.found.leftOut)}</div>`;
}

/** Why it failed and what to do. */
function reason(state: ServerTest["state"], isOauth: boolean): TemplateResult | typeof nothing {
  if (state.status === "refused") {
    const { faults, message } = state.problem;
    return html`<p class="reason">${faults.length === 0 ? message : faults.map((fault) => fault.message).join(" ")}</p>`;
  }
  if (state.status !== "found" || state.found.status === "connected") return nothing;
  const { found } = state;
  if (isSignIn(found)) return html`<p class="reason">${isOauth ? signInWords.first : signInWords.chooseOauth}</p>`;
  return html`<p class="reason">
    ${found.reason === undefined ? nothing : html`<strong>${reasonWords[found.reason]}</strong>`} ${asSaid(found.detail)}
    <span class="advice">${adviceOn(found)}</span>
  </p>`;
}

function isSignIn({ reason, asks }: TriedMcpServer): boolean {
  return reason === "authentication-failed" && asks === "oauth";
}

interface FoundTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
}

const FIRST = 8;

export function foundTools(tools: readonly FoundTool[]): TemplateResult | typeof nothing {
  if (tools.length === 0) return nothing;
  const row = (tool: FoundTool) =>
    html`<li>
      <span><strong>${tool.title}</strong> ${said(tool)}<br /><span class="muted cut-text">${tool.description}</span></span>
    </li>`;
  const rest = tools.slice(FIRST);
  return html`<ul class="plain-list found-tools" aria-label=${formWords.found(tools.length)}>
      ${tools.slice(0, FIRST).map(row)}
    </ul>
    ${
      rest.length === 0
        ? nothing
        : html`<details class="disclosure">
            <summary>${toolsWords.moreTools(String(rest.length))}</summary>
            <ul class="plain-list found-tools">
              ${rest.map(row)}
            </ul>
          </details>`
    }`;
}

/** What the server says of it. */
export function said({
  readOnly,
  destructive,
}: {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
}): TemplateResult | typeof nothing {
  if (readOnly === true) return badge(formWords.reads);
  return destructive === true ? badge(formWords.changes, "warning") : nothing;
}

export function leftOutTools(leftOut: readonly { readonly tool: string; readonly reason: string }[]): TemplateResult | typeof nothing {
  if (leftOut.length === 0) return nothing;
  return html`<details class="disclosure">
    <summary>${formWords.leftOut} (${leftOut.length})</summary>
    <ul class="plain-list">
      ${leftOut.map(
        ({ tool, reason }) =>
          html`<li>
            <span><code>${tool}</code><br /><span class="muted">${reason}</span></span>
          </li>`,
      )}
    </ul>
  </details>`;
}
