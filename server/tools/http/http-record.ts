import { HeaderSecrets } from "./header-secrets.ts";
import type { HttpToolDefinition } from "./definition.ts";

/** What went over the wire in one try of an HTTP tool, without the values of headers. */
export interface HttpExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** Their names. */
    readonly headers: readonly string[];
    readonly body?: string;
  };
  readonly response?: {
    readonly status: number;
    readonly contentType?: string;
    /** As far as it was read, and kept. */
    readonly body: string;
    readonly bytes: number;
    readonly cut: boolean;
  };
}

const KEPT_BYTES = 64 * 1024;

type Fetch = typeof globalThis.fetch;

/** A fetch that keeps what was asked and answered; bounded, whatever the service sends. */
export class HttpRecord {
  readonly #secrets: HeaderSecrets;
  readonly #now: () => number;
  readonly #beganAt: number;
  readonly #chunks: Uint8Array[] = [];
  #request: HttpExchange["request"] | undefined;
  #head: { readonly status: number; readonly contentType: string | null } | undefined;
  #bytes = 0;
  firstByteMs: number | undefined;

  constructor(definition: Pick<HttpToolDefinition, "headers">, now: () => number) {
    this.#secrets = new HeaderSecrets(definition);
    this.#now = now;
    this.#beganAt = now();
  }

  get elapsedMs(): number {
    return this.#now() - this.#beganAt;
  }

  /** Undefined: nothing was sent. */
  get exchange(): HttpExchange | undefined {
    if (this.#request === undefined) return undefined;
    if (this.#head === undefined) return { request: this.#request };
    const { status, contentType } = this.#head;
    const kept = Buffer.concat(this.#chunks).subarray(0, KEPT_BYTES);
    return {
      request: this.#request,
      response: {
        status,
        ...(contentType === null ? {} : { contentType }),
        body: this.#secrets.text(kept.toString("utf8")),
        bytes: this.#bytes,
        cut: this.#bytes > kept.byteLength,
      },
    };
  }

  watching(fetch: Fetch): Fetch {
    return async (input, init) => {
      this.#request = {
        method: init?.method ?? "GET",
        url: this.#secrets.text(input instanceof Request ? input.url : input.toString()),
        headers: [...new Headers(init?.headers).keys()],
        ...(typeof init?.body === "string" ? { body: this.#secrets.text(init.body.slice(0, KEPT_BYTES)) } : {}),
      };
      const response = await fetch(input, init);
      this.firstByteMs = this.elapsedMs;
      const { status, statusText, headers, body } = response;
      this.#head = { status, contentType: headers.get("content-type") };
      if (body === null) return response;
      return new Response(body.pipeThrough(this.#tap()), { status, statusText, headers });
    };
  }

  #tap(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: (chunk, controller) => {
        if (this.#bytes < KEPT_BYTES) this.#chunks.push(chunk);
        this.#bytes += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
  }
}
