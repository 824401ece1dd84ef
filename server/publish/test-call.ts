import { CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY, PROTOCOL_VERSION_META_KEY } from "@modelcontextprotocol/server";
import type { CallEnd } from "./calls/call-result.ts";
import type { CallerKey } from "./calls/caller.ts";
import type { PublishedEndpoint } from "./door/published-endpoint.ts";

/** What somebody of the staff tries by hand. */
export interface TestOrder {
  /** As clients know it. */
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly by: { readonly id: string; readonly name: string };
  /** Aborted: they gave up, as a client does. */
  readonly signal: AbortSignal;
}

/** What a client would have sent and been answered, and for staff how it ended. */
export interface TestedCall {
  readonly request: unknown;
  readonly response: unknown;
  /** Absent: the call did not begin, and `response` says why. */
  readonly end?: Pick<CallEnd, "outcome" | "cause" | "conversation">;
}

const VERSION = "2026-07-28";

/** Who tests, in the place of a key: to MCP servers and in conversations a customer of their own. */
export function testerKey(by: TestOrder["by"], ended: (end: CallEnd) => void = () => undefined): CallerKey {
  return { id: `test-${by.id}`, name: by.name, test: { by, ended } };
}

/**
 * Calls a tool as a client of the modern era does that can ask nobody: the same request, by the same way, but for the
 * key and its limits.
 */
export async function testCall(
  endpoint: Pick<PublishedEndpoint, "serve">,
  { url, version }: { readonly url: string; readonly version: string },
  { tool, input, by, signal }: TestOrder,
): Promise<TestedCall> {
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: VERSION,
    [CLIENT_INFO_META_KEY]: { name: "Frontdesk", version },
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: tool, arguments: input, _meta } };
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    "MCP-Protocol-Version": VERSION,
    "Mcp-Method": "tools/call",
    "Mcp-Name": tool,
  };
  let end: CallEnd | undefined;
  const key = testerKey(by, (ended) => (end = ended));
  const request = new Request(url, { method: "POST", headers, body: JSON.stringify(body), signal });
  const response = await endpoint.serve(request, { key, body });
  const answer = answerIn(await response.text());
  return { request: body, response: answer, ...(end === undefined ? {} : { end }) };
}

/** JSON, or the last event of a stream, after notifications. */
function answerIn(text: string): unknown {
  const events = [...text.matchAll(/^data: ?(.+)$/gm)].map(([, data]) => data ?? "");
  return JSON.parse(events.at(-1) ?? text) as unknown;
}
