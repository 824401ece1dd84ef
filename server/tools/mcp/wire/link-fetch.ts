import type { Clock } from "../../../foundation/clock.ts";
import { causesOf } from "../../calls/network-fault.ts";
import { askedRequest, type AskedRequest } from "./asked-request.ts";
import type { Fetch } from "./conversation-fetch.ts";
import { codeOf, HUNG_UP } from "./failure-signs.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import type { OwnSecrets } from "./own-secrets.ts";
import { readableEvents } from "./readable-events.ts";
import { readableMessages } from "./readable-message.ts";
import { readableResponse, withBody } from "./readable-response.ts";
import { StreamPace } from "./stream-pace.ts";

export interface LinkFetchPorts {
  readonly sdk: McpSdk;
  readonly secrets: OwnSecrets;
  readonly clock: Pick<Clock, "now" | "after">;
}

/** Requests that change nothing, however often they arrive. */
const HARMLESS: ReadonlySet<string> = new Set(["initialize", "server/discover", "tools/list", "ping"]);

/**
 * The fetch of one link over Streamable HTTP. What a server answers in a form that the MCP client does not read is put
 * right. A harmless request is sent once more where the connection was closed, since a kept one may be at any time; a
 * call never is. Streams that a server does not really have are given up.
 */
export function linkFetch(fetch: Fetch, ports: LinkFetchPorts): Fetch {
  const pace = new StreamPace(ports.clock);
  return async (url, init) => {
    if (init?.method === "GET") return mendedStream(await pace.open(fetch, url, init), ports.sdk);
    const asked = askedRequest(init);
    if (asked === undefined) return fetch(url, init);
    const inSession = new Headers(init?.headers).has("mcp-session-id");
    const ask = async (): Promise<Response> => readableResponse(await fetch(url, init), asked, { ...ports, inSession });
    return onceMore(ask, asked, init?.signal ?? undefined, ports.sdk);
  };
}

/** The fetch of one link over SSE, whose answers come in its one stream. Harmless requests are sent once more as well. */
export function eventFetch(fetch: Fetch, { sdk, secrets }: Pick<LinkFetchPorts, "sdk" | "secrets">): Fetch {
  return async (url, init) => {
    if (init?.method !== "POST") return mendedStream(await fetch(url, init), sdk);
    const response = await onceMore(() => fetch(url, init), askedRequest(init), init.signal ?? undefined, sdk);
    return response.ok ? response : withBody(response, secrets.text(await response.text().catch(() => "")));
  };
}

function mendedStream(response: Response, sdk: McpSdk): Response {
  return response.ok ? readableEvents(response, (value) => readableMessages(value, sdk)) : response;
}

async function onceMore(
  ask: () => Promise<Response>,
  asked: AskedRequest | undefined,
  signal: AbortSignal | undefined,
  sdk: McpSdk,
): Promise<Response> {
  try {
    return await ask();
  } catch (error) {
    const hungUp = causesOf(error).some((cause) => HUNG_UP.has(codeOf(cause, sdk)));
    if (!hungUp || asked === undefined || !HARMLESS.has(asked.method) || signal?.aborted === true) throw error;
    return ask();
  }
}
