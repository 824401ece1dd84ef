import { causesOf, messageOf } from "../../calls/network-fault.ts";
import { statusOf } from "./failure-signs.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { saidText } from "./said-text.ts";

/** The server does not know the session that a request was sent in, so it did not run it. */
export class SessionLostError extends Error {
  override readonly name = "SessionLostError";
  constructor(cause: unknown) {
    super("the server has forgotten the session", { cause });
  }
}

/** The whole of what servers say, perhaps behind "Bad Request: ". A tool may have sessions of another kind. */
const FORGOTTEN = new RegExp(
  `^(?:[a-z ]{1,20}: )?(?:mcp )?(?:${[
    "session(?: id)?(?: \\S{8,80})?(?: was| is| has been| has)? (?:not found|unknown|invalid|expired|terminated|closed)",
    "session(?: id)? (?:does not exist|no longer exists|not initiali[sz]ed)",
    "(?:no valid|no active|invalid|unknown|expired|missing|invalid or missing|invalid or expired) (?:mcp )?session(?:[ -]?id)?(?: provided)?",
    "no (?:session|transport) (?:was )?found(?: for (?:the )?session ?id)?",
    "server (?:is )?not initiali[sz]ed",
  ].join("|")})(?:[:.,;(].{0,100})?$`,
  "i",
);
/** The codes that servers refuse a session with; what a tool says comes with others. */
const CODES: ReadonlySet<number> = new Set([-32000, -32001, -32600, -32603]);

/**
 * Whether an error says that a session is not known. `sure`: HTTP 404, which means nothing else in a session (MCP,
 * transports, session management). `perhaps`: words that may be about something else, so the server is asked.
 */
export function sessionLoss(error: unknown, sdk: McpSdk): "sure" | "perhaps" | undefined {
  const chain = causesOf(error);
  if (error instanceof sdk.ProtocolError) return CODES.has(error.code) && FORGOTTEN.test(messageOf(error).trim()) ? "perhaps" : undefined;
  const refusal = chain.find((cause) => statusOf(cause, sdk) !== undefined);
  const status = statusOf(refusal, sdk);
  if (status === 404) return "sure";
  const isRefusal = status !== undefined && status >= 400 && status < 500;
  return isRefusal && FORGOTTEN.test(saidText(refusal, sdk) ?? "") ? "perhaps" : undefined;
}
