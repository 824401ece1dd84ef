import { dropNulls } from "../foundation/without-nulls.ts";
import { SignInError } from "./sign-in-error.ts";

export type Fetch = typeof fetch;

/** Honest answers of an authorization server need a fraction of this. */
const ANSWER_BYTES = 256 * 1024;
const TIMEOUT_MS = 10_000;
const REDIRECTS = 3;

export interface OAuthAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON, without members that are `null`, which many programs write for absent; undefined: no JSON. */
  readonly json: unknown;
}

/**
 * Reads a metadata document, bounded in size and time. Follows redirects within the origin only, because another origin
 * cannot speak for this one. Throws `SignInError` of fault `unreachable`.
 */
export async function getJson(fetch: Fetch, url: URL): Promise<OAuthAnswer> {
  let target = url;
  for (let followed = 0; ; followed += 1) {
    const response = await send(fetch, target, { headers: { accept: "application/json" }, redirect: "manual" });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (location === null) return answerOf(response, target);
    await response.body?.cancel().catch(() => undefined);
    const next = URL.parse(location, target.href);
    if (next === null || next.origin !== url.origin || followed >= REDIRECTS) {
      return { status: response.status, headers: response.headers, json: undefined };
    }
    target = next;
  }
}

/**
 * Sends a form with credentials. A redirect is an error, because the credentials are for this address only. Throws
 * `SignInError` of fault `unreachable`.
 */
export async function postForm(
  fetch: Fetch,
  url: URL,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): Promise<OAuthAnswer> {
  const init: RequestInit = {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json", ...headers },
    body: form.toString(),
    redirect: "error",
  };
  return answerOf(await send(fetch, url, init), url);
}

/** As `postForm`, with a JSON body. */
export async function postJson(fetch: Fetch, url: URL, body: unknown): Promise<OAuthAnswer> {
  const init: RequestInit = {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
  };
  return answerOf(await send(fetch, url, init), url);
}

/** The request itself, for callers that need only the headers. Throws `SignInError` of fault `unreachable`. */
export async function send(fetch: Fetch, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

async function answerOf(response: Response, url: URL): Promise<OAuthAnswer> {
  const { status, headers } = response;
  let text: string;
  try {
    text = await readText(response);
  } catch (cause) {
    throw unreachable(url, cause);
  }
  return { status, headers, json: parseJson(text) };
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES) throw new Error(`The answer is longer than ${ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof value === "object" && value !== null) dropNulls(value);
    return value;
  } catch {
    return undefined;
  }
}

function unreachable(url: URL, cause: unknown): SignInError {
  // The guard's own message names the refused address and what to do.
  const refused = cause instanceof Error && cause.name === "FetchRefusedError" ? ` ${cause.message}` : "";
  const late = cause instanceof Error && cause.name === "TimeoutError" ? " It took too long." : "";
  return new SignInError("unreachable", `${url.origin} cannot be reached for the sign-in.${refused}${late}`, { cause });
}
