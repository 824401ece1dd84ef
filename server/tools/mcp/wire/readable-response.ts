import type { AskedRequest } from "./asked-request.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import type { OwnSecrets } from "./own-secrets.ts";
import { errorFrom, isReadable, readableMessages, UnreadableAnswerError } from "./readable-message.ts";
import { readableEvents } from "./readable-events.ts";

/** Before these there is no other way for an answer than the POST's own. */
const FIRST_WORDS: ReadonlySet<string> = new Set(["initialize", "server/discover"]);

const NOWHERE: ReadonlySet<number> = new Set([404, 405, 410]);

export interface ResponsePorts {
  readonly sdk: McpSdk;
  readonly secrets: OwnSecrets;
  /** Whether the request was sent in a session. */
  readonly inSession: boolean;
}

/**
 * The response to a JSON-RPC request over Streamable HTTP, so that the MCP client learns everything that is in it. Throws
 * `UnreadableAnswerError` where the body is whole and holds no answer to this request, and what reading it throws.
 */
export async function readableResponse(response: Response, asked: AskedRequest, ports: ResponsePorts): Promise<Response> {
  const { sdk } = ports;
  if (!response.ok) return response.status < 400 ? response : refusal(response, asked, ports);
  const type = mediaTypeOf(response);
  if (type === "text/event-stream") return readableEvents(response, (value) => answersTo(asked, readableMessages(value, sdk)));
  if (response.status === 202 && FIRST_WORDS.has(asked.method)) {
    await response.body?.cancel().catch(() => undefined);
    throw new UnreadableAnswerError("it took the request (HTTP 202) and gave no answer");
  }
  if (type !== "application/json" || response.body === null) return response;
  const text = await response.text();
  const value = parsed(text);
  if (value === undefined) return withBody(response, text);
  const messages = answersTo(asked, readableMessages(value, sdk));
  if (
    messages.length > 0 &&
    messages.every((message) => isReadable(message, sdk)) &&
    !messages.some((message) => isAnswerTo(asked, message))
  )
    throw new UnreadableAnswerError("its answer belongs to another request: it has another id, or none");
  const unchanged = messages.length === 1 && messages[0] === value;
  return withBody(response, unchanged ? text : JSON.stringify(messages.length === 1 ? messages[0] : messages));
}

/**
 * A refusal that is an answer to this very request is one, whatever the status: its text is the server's word. Those
 * about credentials and lost sessions keep their status. None of them repeats our secrets.
 */
async function refusal(response: Response, asked: AskedRequest, { secrets, inSession }: ResponsePorts): Promise<Response> {
  const text = secrets.text(await response.text().catch(() => ""));
  const { status } = response;
  const said = parsed(text);
  if (status === 401 || status === 403 || (status === 404 && inSession) || !isError(said)) return withBody(response, text);
  const { id } = said;
  const namesIt = String(id) === String(asked.id);
  // A server in trouble may not know whether the request ran, and nothing is at a path that it does not have.
  const isAboutIt = (id === undefined || id === null) && status < 500 && !NOWHERE.has(status);
  return namesIt || isAboutIt ? answer({ jsonrpc: "2.0", id: asked.id, error: errorFrom(said.error) }) : withBody(response, text);
}

/** An error that names no request is about the only one that there was. */
function answersTo(asked: AskedRequest, messages: readonly unknown[]): readonly unknown[] {
  return messages.map((message) =>
    isError(message) && (message.id === undefined || message.id === null) && !("method" in message)
      ? { jsonrpc: "2.0", id: asked.id, error: errorFrom(message.error) }
      : message,
  );
}

function isAnswerTo(asked: AskedRequest, message: unknown): boolean {
  return (
    typeof message === "object" && message !== null && "id" in message && !("method" in message) && String(message.id) === String(asked.id)
  );
}

function isError(value: unknown): value is { readonly id?: unknown; readonly error: unknown } {
  if (typeof value !== "object" || value === null || !("error" in value) || ("result" in value && value.result !== null)) return false;
  return ("jsonrpc" in value || "id" in value) && value.error !== null && value.error !== undefined;
}

export function mediaTypeOf(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(message: object): Response {
  return new Response(JSON.stringify(message), { headers: { "content-type": "application/json" } });
}

/** The same response with another body, which is not packed. */
export function withBody(response: Response, text: string): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(text, { status, statusText, headers });
}
