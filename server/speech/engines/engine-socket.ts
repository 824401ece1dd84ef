import type { IncomingMessage } from "node:http";
import type { WebSocket as Socket } from "ws";
import type { ProviderFailure } from "../../model/transport/failure-kind.ts";
import { readRefusal } from "../../model/transport/refusal.ts";
import type { SpeechError } from "../ports/speech-error.ts";
import { fromNetwork, refusedBy } from "../wires/speech-failure.ts";
import type { EnginePorts } from "./engine-ports.ts";

/** The largest message that an engine of hearing sends. */
const HEARING_BYTES = 1024 * 1024;
/** How long an engine may take to answer that a connection is over. */
const FAREWELL_MS = 500;

export interface SocketTarget {
  readonly who: string;
  /** http or https. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The largest message that is taken. Absent: a megabyte. */
  readonly messageBytes?: number;
}

export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  /** The engine closed it. Nothing comes after this, or after `onFailure`. */
  readonly onClosed: (code: number, reason: string) => void;
  readonly onFailure: (error: SpeechError, refusal?: ProviderFailure) => void;
  /** The engine answered a `ping`. */
  readonly onPong?: () => void;
}

/** One connection to an engine. Nothing is called any more once it was closed from here. */
export class EngineSocket {
  readonly #target: SocketTarget;
  readonly #ports: Pick<EnginePorts, "sockets" | "clock">;
  readonly #events: SocketEvents;
  readonly #gone = Promise.withResolvers<void>();
  #socket: Socket | undefined;
  #over = false;

  constructor(target: SocketTarget, ports: Pick<EnginePorts, "sockets" | "clock">, events: SocketEvents) {
    this.#target = target;
    this.#ports = ports;
    this.#events = events;
    this.#open().catch((error: unknown) => {
      this.#fail(fromNetwork(target.who, error, false));
      this.#gone.resolve();
    });
  }

  send(message: string | Uint8Array): void {
    this.#socket?.send(message);
  }

  /** Asks whether the engine is still there. */
  ping(): void {
    this.#socket?.ping();
  }

  /** Says goodbye and closes; after half a second without an answer the connection is cut. Resolves when it is gone. */
  async close(goodbye: string | undefined): Promise<void> {
    const socket = this.#leave();
    if (socket === undefined) return;
    if (socket.readyState !== socket.OPEN) socket.terminate();
    else {
      if (goodbye !== undefined) socket.send(goodbye);
      socket.close(1000);
      const callOff = this.#ports.clock.after(FAREWELL_MS, () => socket.terminate());
      void this.#gone.promise.then(callOff);
    }
    await this.#gone.promise;
  }

  cut(): void {
    this.#leave()?.terminate();
  }

  async #open(): Promise<void> {
    const { url, headers, messageBytes = HEARING_BYTES } = this.#target;
    const [{ WebSocket }, { check, lookupFor }] = await Promise.all([import("ws"), this.#ports.sockets()]);
    if (this.#over) return this.#gone.resolve();
    check(url);
    const socket = new WebSocket(url, {
      headers: { "user-agent": "frontdesk", ...headers },
      lookup: lookupFor(url.protocol === "http:" ? "http:" : "https:"),
      maxPayload: messageBytes,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket = socket;
    socket.on("open", () => this.#over || this.#events.onOpen());
    // Gemini sends its JSON as binary frames.
    socket.on("message", (data: Buffer) => this.#over || this.#events.onMessage(data.toString("utf8")));
    socket.on("pong", () => this.#over || this.#events.onPong?.());
    socket.on("error", (error) => this.#fail(fromNetwork(this.#target.who, error, false)));
    socket.on("unexpected-response", (_request, response) => void this.#refused(response));
    socket.on("close", (code, reason) => {
      this.#gone.resolve();
      if (this.#over) return;
      this.#over = true;
      this.#events.onClosed(code, reason.toString("utf8"));
    });
  }

  /** The engine answered the upgrade with an error, and says why in its body. */
  async #refused(response: IncomingMessage): Promise<void> {
    const { statusCode: status = 0, headers } = response;
    const failure = await readRefusal({ status, headers, body: response }, this.#ports.clock.now());
    response.destroy();
    this.#gone.resolve();
    this.#fail(refusedBy(this.#target.who, failure), failure);
  }

  #fail(error: SpeechError, refusal?: ProviderFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket?.terminate();
    this.#events.onFailure(error, refusal);
  }

  #leave(): Socket | undefined {
    this.#over = true;
    return this.#socket;
  }
}
