import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type * as Undici from "undici";

type Dispatcher = Undici.Dispatcher;

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

export interface Posted {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
  /** How long nothing may come: until the answer's first byte, and between two. Absent: as long as the signal lets it. */
  readonly silenceMs?: number | undefined;
  /** Called when there is a connection, and the request leaves on it. */
  readonly onConnected?: () => void;
}

/**
 * Posts and gives the answer's head; rejects with the network's own error. Redirects are not followed: a key must not
 * travel on.
 */
export type Post = (request: PostRequest) => Promise<Posted>;

/** Kept sockets, and a check of where they lead. */
export interface Sockets {
  readonly dispatcher: Dispatcher;
  /** Throws when an address may not be reached. */
  readonly check: (url: URL) => void;
}

/**
 * Posts through undici's `request`, which costs a third less per token than `fetch`
 * (docs/decisions/0002-model-wire.md). It is loaded with the first request, so that a server at rest does not carry it
 * for this. Sockets are kept and shared by all models of one server.
 */
export class PostOffice {
  readonly #open: () => Promise<Sockets>;
  #sockets: Promise<Sockets> | undefined;
  #undici: typeof Undici | undefined;

  constructor({ open = openFreely }: { open?: (() => Promise<Sockets>) | undefined } = {}) {
    this.#open = open;
  }

  readonly post: Post = async ({ url, headers, body, signal, silenceMs = 0, onConnected }) => {
    const undici = (this.#undici ??= await import("undici"));
    const { dispatcher, check } = await (this.#sockets ??= this.#open());
    check(url);
    const response = await undici.request(url, {
      method: "POST",
      headers,
      body,
      signal,
      dispatcher: onConnected === undefined ? dispatcher : dispatcher.compose(watching(onConnected)),
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
    });
    return { status: response.statusCode, headers: response.headers, body: response.body };
  };

  /** Ends what is running and closes the sockets. */
  async close(): Promise<void> {
    const sockets = await this.#sockets;
    this.#sockets = undefined;
    await sockets?.dispatcher.destroy();
  }
}

/** Undici begins a request when it has a connection for it. */
function watching(onConnected: () => void): Undici.Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (...start) => {
        onConnected();
        handler.onRequestStart?.(...start);
      },
      onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
      onResponseStart: (...head) => handler.onResponseStart?.(...head),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError: (...error) => handler.onResponseError?.(...error),
    });
}

/** HTTP/1.1 only: one broken socket then costs one answer, not all of them. */
async function openFreely(): Promise<Sockets> {
  const { Agent } = await import("undici");
  return {
    dispatcher: new Agent({ allowH2: false, connect: { timeout: CONNECT_MS }, keepAliveTimeout: KEEP_ALIVE_MS }),
    check: () => {},
  };
}
