import type { ToolContent } from "../../../protocol/content.ts";
import type { Actor, Refusal } from "../../../protocol/events.ts";
import type { StoredResult } from "../ports/store.ts";
import type { ToolResult } from "../ports/tools.ts";
import { base64Bytes } from "./base64-bytes.ts";

/** A result as one text, the way a model reads it. Pictures and sounds are named, not spelled out. */
export function resultText(result: StoredResult): string {
  const parts = result.content.map(contentText).filter((text) => text !== "");
  const said = result.content.some((content) => content.kind === "text" && content.text !== "");
  if (!said && result.structured !== undefined) parts.push(JSON.stringify(result.structured));
  return parts.join("\n\n");
}

function contentText(content: ToolContent): string {
  switch (content.kind) {
    case "text":
      return content.text;
    case "image":
    case "audio":
      return `[${content.kind}, ${content.mimeType}, ${base64Bytes(content.data)} bytes: shown to the customer beside your answer]`;
    case "resource":
      if (content.text !== undefined) return `[resource ${content.uri}]\n${content.text}`;
      return `[resource ${content.uri}, ${content.mimeType ?? "binary"}, ${base64Bytes(content.blob ?? "")} bytes]`;
    case "resource-link":
      return `[link to ${content.title ?? content.name}: ${content.uri}${content.description === undefined ? "" : ` (${content.description})`}]`;
  }
}

/** The name of the tool that pages through a long result. */
export const READ_RESULT = "frontdesk__read_result";
/** The name of the tool that finds others. */
export const FIND_TOOLS = "frontdesk__find_tools";

/**
 * The beginning of a long text, with how to read on. `limitBytes` counts UTF-8 bytes of what is kept; offsets are in
 * UTF-16 code units, as `frontdesk__read_result` takes them.
 */
export function shorten(text: string, limitBytes: number, callId: string, offset = 0): { text: string; shortened: boolean } {
  const rest = text.slice(offset);
  const kept = cutAtBytes(rest, limitBytes);
  if (kept.length === rest.length) return { text: rest, shortened: false };
  const next = offset + kept.length;
  const note = `[This is only a part: characters ${offset} to ${next} of ${text.length}. To read on, call ${READ_RESULT} with ${JSON.stringify({ call_id: callId, offset: next })}.]`;
  return { text: `${kept}\n\n${note}`, shortened: true };
}

/** The longest beginning of at most `limitBytes` UTF-8 bytes that does not split a character. */
export function cutAtBytes(text: string, limitBytes: number): string {
  if (text.length * 3 <= limitBytes) return text;
  const bytes = new TextEncoder().encodeInto(text, new Uint8Array(limitBytes));
  return text.slice(0, bytes.read);
}

/** What the model reads about a call that ended without a usable result. */
export function outcomeText(result: Pick<ToolResult, "outcome" | "cause">, title: string): string {
  switch (result.outcome) {
    case "ok":
      return "";
    case "failed":
      return `The call failed: ${result.cause ?? "no reason was given"}`;
    case "cancelled":
      return `The call of "${title}" was cancelled while it ran. Whether it had already taken effect is not known.`;
    case "unknown":
      return unknownText(title);
  }
}

/** What the model reads about a call whose server asked something, when the turn ended before anybody answered. */
export function givenUpText(title: string): string {
  return `The call of "${title}" was given up before its questions were answered. It did not come to its end.`;
}

/**
 * What the model reads about a call that its server had begun, and whose tool was removed, changed or out of reach
 * before it could go on.
 */
export function unfinishedText(title: string): string {
  return `The call of "${title}" had begun, and could not go on, because the tool cannot be used as it was. It did not come to its end. Do not call it again, and do not say that nothing was done.`;
}

export function notConnectedText(serverName: string, decision: "skipped" | "expired" | "withdrawn"): string {
  const why = decision === "skipped" ? "the customer chose not to sign in" : "the customer has not signed in";
  return `Refused: this needs the customer's own sign-in at ${serverName}, and ${why}. Nothing was done. Help without it where you can, and say that it is possible once they sign in; do not call it again unless they want to.`;
}

export function unknownText(title: string): string {
  return `It is not known whether "${title}" took effect: the request was sent and no answer came. Do not call it again. Tell the customer plainly that it is not known whether it went through, and that the team will check.`;
}

/** What the model reads about a call that was refused before it started; `by`: who rejected it. */
export function refusalText(refusal: Refusal, detail: string | undefined, by?: Actor): string {
  switch (refusal) {
    case "disabled":
      return "Refused: this tool is switched off for this assistant. Do not call it again.";
    case "unknown-tool":
      return `Refused: there is no tool of this name now.${detail === undefined ? "" : ` ${detail}`}`;
    case "invalid-arguments":
      return detail ?? "Refused: the arguments do not fit the tool's schema.";
    case "rejected":
      return `Refused: ${by?.kind === "staff" ? "a member of the team" : "the person who was asked"} said no.${detail === undefined ? "" : ` Their reason: ${detail}`} Nothing was done. Do not ask for the same again unless the customer wants it.`;
    case "expired":
      return "Refused: nobody decided in time, so the request expired. Nothing was done. Offer to ask again.";
    case "definition-changed":
      return "Refused: the tool changed after it was approved, so the approval does not hold. Nothing was done. Propose the call again if it is still wanted.";
    case "step-limit":
      return "Refused: the limit of steps for this answer is reached. Answer with what you have.";
    case "withdrawn":
      return "Not done: the answer ended before this was decided.";
    case "not-identified":
      return `Refused: the website has not said who the customer is (${detail ?? "sub"}), and this tool needs it. Nothing was done. Tell the customer to sign in on the website, then to ask again; you cannot say it for them.`;
    case "not-connected":
      return detail ?? "Refused: the customer has not signed in. Nothing was done.";
  }
}

/** What the model reads before the result of a call whose arguments the staff changed. */
export function editedText(input: Readonly<Record<string, unknown>>): string {
  return `[A member of the team changed the arguments before they approved this call. It ran with ${JSON.stringify(input)}, not with yours. Tell the customer what was really done.]`;
}

/** What the model reads of a call that ended unknown, once a person has found out how it ended. */
export function settledText({ outcome, title, note, mayRetry }: Settled): string {
  const found =
    outcome === "ok"
      ? `The team has checked: "${title}" did take effect. Do not call it again for the same.`
      : `The team has checked: "${title}" did not take effect. ${mayRetry === true ? "You may call it again if the customer still wants it." : "Do not call it again; the team takes care of it."}`;
  return note === undefined || note === "" ? found : `${found} Their note: ${note}`;
}

interface Settled {
  readonly outcome: "ok" | "failed";
  readonly title: string;
  readonly note?: string | undefined;
  readonly mayRetry?: boolean | undefined;
}
