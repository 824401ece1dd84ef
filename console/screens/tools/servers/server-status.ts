import { html, nothing, type TemplateResult } from "lit";
import type { McpServer } from "../../../api/types.ts";
import { ago, status, type Tone } from "../../../parts/status.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { serverPath } from "./server-path.ts";
import { toolsWords } from "../tools-words.ts";
import { adviceOn, reasonWords } from "../../../parts/advice-words.ts";
import { signInWords } from "../../../parts/sign-in-words.ts";
import { asSaid } from "../../../parts/as-said.ts";

type Shown = Pick<McpServer, "key" | "status" | "auth" | "fault">;

/** Whether nothing but a sign-in is missing. */
export function needsSignIn({ status: is, auth }: Pick<McpServer, "status" | "auth">): boolean {
  if (is.status !== "disconnected" || is.reason !== "authentication-failed") return false;
  return auth.kind === "oauth" || is.asks === "oauth" || (auth.kind === "none" && is.signIn === "refused");
}

export function statusWord(server: Shown): readonly [Tone, string] {
  if (server.fault !== undefined) return ["bad", toolsWords.disconnected];
  if (needsSignIn(server)) return ["warning", signInWords.needed];
  const { status: is } = server.status;
  if (is === "connected") return ["good", toolsWords.connected];
  return is === "disconnected" ? ["bad", toolsWords.disconnected] : ["neutral", toolsWords.notTested];
}

/** A dot, a word, and since when. */
export function statusLine(server: Shown): TemplateResult {
  const [tone, word] = statusWord(server);
  // A sign-in that nobody has made is no event: only when it was last looked at is told, beside the reason.
  return status(tone, word, server.status.since === 0 || needsSignIn(server) ? undefined : server.status.since);
}

/** Why it is so, and what to do. */
export function statusReason({ key, status: is, auth, fault }: Shown): TemplateResult | typeof nothing {
  if (fault !== undefined) return html`<p class="reason">${fault}</p>`;
  if (is.status === "connected") return nothing;
  if (is.status === "not_tested") return html`<p class="reason muted">${toolsWords.notTestedText}</p>`;
  const looked = is.checkedAt === undefined ? nothing : html`<span class="muted">${toolsWords.checked} ${ago(is.checkedAt)}</span>`;
  if (needsSignIn({ status: is, auth }))
    return html`<p class="reason">${signInText({ status: is, auth })} ${signInLink(key, { status: is, auth })} ${looked}</p>`;
  return html`<p class="reason">
    ${is.reason === undefined ? nothing : html`<strong>${reasonWords[is.reason]}</strong>`} ${asSaid(is.detail)}
    ${is.advice === undefined ? nothing : html`<span class="advice">${adviceOn(is)}</span>`} ${looked}
  </p>`;
}

export function signInText({ status: { signIn }, auth }: Pick<McpServer, "status" | "auth">): string {
  if (auth.kind !== "oauth") return signIn === "refused" ? signInWords.refused : signInWords.chooseOauth;
  return signIn === undefined || signIn === "first" ? signInWords.first : signInWords.ended;
}

/** Where the shared account is signed in to. */
function signInLink(key: string, { status: { signIn }, auth }: Pick<McpServer, "status" | "auth">): TemplateResult | typeof nothing {
  if (auth.kind !== "oauth" || !may("connections.write")) return nothing;
  const isFirst = signIn === undefined || signIn === "first";
  return html`<a href=${router.href(serverPath(key, "/share"))}>${isFirst ? toolsWords.connectAccount : toolsWords.signInAgain}</a>`;
}
