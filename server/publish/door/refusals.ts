/** Every answer that no MCP server gives: why a request does not come through. */
import type { Refused } from "../tools/own-server.ts";

/** What a client is answered: `message` is one plain sentence, since most clients show it as it is. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON-RPC: an error of the server's own. */
const REFUSED = -32_000;
const PARSE_ERROR = -32_700;

const ADVICE = "Ask whoever gave you this address for a key.";
const AGAIN = "Sign in again.";

/** None was sent: to a published server, or to Frontdesk's own. */
type Missing = "missing" | "missing-own";

const KEYS: Readonly<Record<Refused | Missing, string>> = {
  missing: `This MCP server needs a key or a sign-in: send a key as "Authorization: Bearer …" or "X-API-Key". ${ADVICE}`,
  "missing-own":
    'Frontdesk\'s own MCP server needs a key of its API, which an admin makes: send it as "Authorization: Bearer …" or "X-API-Key".',
  unknown: `This key is wrong. ${ADVICE}`,
  "other-server": "This key belongs to another MCP server: take the key that was made for this address.",
  revoked: `This key was revoked. ${ADVICE}`,
  expired: `This key has expired. ${ADVICE}`,
  replaced: "This key was replaced by a new one: take the new key.",
  "no-api-key": "This API key is not known, was revoked or has ended. An admin makes another one.",
  "unknown-token": `This sign-in is not known here, or has ended long ago. ${AGAIN}`,
  "other-server-token": "This sign-in is for another MCP server: sign in to this one.",
  ended: `This sign-in was revoked. ${AGAIN}`,
  "expired-token": "This sign-in has to be renewed: its access token has expired.",
  "not-admitted": "Whoever signed in may not use this MCP server any more: sign in as somebody who may.",
};

/** What helps a client that is refused to sign in. */
export interface SignInHint {
  /** Where its metadata (RFC 9728) are. */
  readonly metadata: string;
  readonly scopes: readonly string[];
}

export function keyRefused(why: Refused | Missing, hint: SignInHint | undefined): Refusal {
  return challenged(401, KEYS[why], hint, why === "missing" || why === "missing-own" ? undefined : "invalid_token");
}

export function scopeMissing(hint: SignInHint | undefined): Refusal {
  return challenged(403, "This sign-in does not allow that: sign in again and allow it.", hint, "insufficient_scope");
}

function challenged(status: number, message: string, hint: SignInHint | undefined, error: string | undefined): Refusal {
  const said = message.replaceAll('"', "'").replaceAll("…", "KEY");
  const parts = [
    'realm="Frontdesk"',
    ...(error === undefined ? [] : [`error="${error}"`]),
    `error_description="${said}"`,
    ...(hint === undefined ? [] : [`resource_metadata="${hint.metadata}"`, `scope="${hint.scopes.join(" ")}"`]),
  ];
  return { status, code: REFUSED, message, headers: { "WWW-Authenticate": `Bearer ${parts.join(", ")}` } };
}

export function notFound(): Refusal {
  return { status: 404, code: REFUSED, message: "There is no MCP server at this address: check it for a typing error." };
}

export function turnedOff(): Refusal {
  return { status: 404, code: REFUSED, message: "Frontdesk's own MCP server is turned off here: ownServer of the configuration says so." };
}

export function deleted(): Refusal {
  return { status: 410, code: REFUSED, message: "This MCP server was deleted: remove it from your client." };
}

export function noSession(): Refusal {
  return { status: 404, code: -32_001, message: "This session is over: connect again." };
}

export function noStream(): Refusal {
  return {
    status: 405,
    code: REFUSED,
    message: "There is no stream before a connection: send initialize first.",
    headers: { Allow: "GET, POST, DELETE" },
  };
}

export function tooMany(what: string, retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return {
    status: 429,
    code: REFUSED,
    message: `${what}: wait ${seconds} second${seconds === 1 ? "" : "s"} and try again.`,
    headers: { "Retry-After": String(seconds) },
  };
}

export function httpsOnly(): Refusal {
  return { status: 400, code: REFUSED, message: "This MCP server is reached over https only: begin its address with https://." };
}

export function wrongHost(host: string | undefined): Refusal {
  return {
    status: 403,
    code: REFUSED,
    message: `Nothing is offered under the name ${shown(host)}: take the address as it was given to you.`,
  };
}

export function wrongOrigin(origin: string): Refusal {
  return { status: 403, code: REFUSED, message: `Pages of ${shown(origin)} may not use this MCP server.` };
}

export function wrongMethod(method: string): Refusal {
  return {
    status: 405,
    code: REFUSED,
    message: `${shown(method)} cannot be used here: an MCP client sends POST, GET or DELETE.`,
    headers: { Allow: "GET, POST, DELETE" },
  };
}

export function unreadable(): Refusal {
  return { status: 400, code: PARSE_ERROR, message: "The body of the request is not JSON." };
}

export function tooLarge(bytes: number): Refusal {
  return { status: 413, code: REFUSED, message: `The body of the request has more than ${bytes} bytes.`, headers: { Connection: "close" } };
}

export function stopping(): Refusal {
  return {
    status: 503,
    code: REFUSED,
    message: "The server is just being restarted: try again in a moment.",
    headers: { "Retry-After": "5" },
  };
}

export function broken(): Refusal {
  return { status: 500, code: -32_603, message: "Something went wrong on the server: its log says what." };
}

/** What somebody else sent, in a sentence of ours. */
function shown(text: string | undefined): string {
  return text === undefined ? "without a name" : JSON.stringify(text.slice(0, 100));
}
