import { messageOf } from "../../calls/network-fault.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import type { McpSdk } from "./mcp-sdk.ts";

const SAID_CHARACTERS = 300;
/** A longer text that is no JSON is a page. */
const LONGEST_TEXT = 2_000;
/** Where services write why, in the order in which it is looked for. */
const MEMBERS = ["error", "message", "detail", "error_description", "title", "msg", "errors"] as const;

/** What a server wrote into its refusal, as one line: the reason in a JSON body, or the first line of a short text. */
export function saidText(error: unknown, sdk: McpSdk): string | undefined {
  const body = bodyOf(error, sdk).trim();
  if (body === "" || body.startsWith("<")) return undefined;
  const json = parsed(body);
  const said = json === undefined ? (body.length > LONGEST_TEXT ? undefined : body.split(/[\r\n]/, 1)[0]) : reasonIn(json, MEMBERS.length);
  const line = said === undefined ? "" : plainLine(said, SAID_CHARACTERS).replace(/[\s.]+$/, "");
  return line === "" ? undefined : line;
}

/** The SSE transport gives the body of a POST's answer only in its message. */
function bodyOf(error: unknown, sdk: McpSdk): string {
  if (error instanceof sdk.SdkHttpError) return typeof error.data["text"] === "string" ? error.data["text"] : "";
  return /^Error POSTing to endpoint \(HTTP \d{3}\): ([^]*)$/.exec(messageOf(error))?.[1] ?? "";
}

function reasonIn(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  if (Array.isArray(value)) return reasonIn(value[0], depth - 1);
  for (const member of MEMBERS) {
    const found = Object.hasOwn(value, member) ? reasonIn((value as Readonly<Record<string, unknown>>)[member], depth - 1) : undefined;
    if (found !== undefined && found !== "") return found;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
