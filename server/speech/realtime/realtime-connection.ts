import type { ProviderFailure } from "../../model/transport/failure-kind.ts";
import { redactKey } from "../../model/transport/redact-key.ts";
import type { EnginePorts } from "../engines/engine-ports.ts";
import { EngineSocket, type SocketTarget } from "../engines/engine-socket.ts";
import { SpeechError } from "../ports/speech-error.ts";
import { speechError } from "../wires/speech-failure.ts";
import type { ClientEvent, SentEvent } from "./client-events.ts";
import { readServerEvent, type ServerEvent } from "./server-events.ts";

/** How long the provider may take until the session is there. */
const OPENING_MS = 10_000;
/** So often it is asked whether it is still there; it has as long to answer. */
const PING_MS = 20_000;
/** Some answers hold all tools, or all of an answer. */
const MESSAGE_BYTES = 16 * 1024 * 1024;
/** What is kept until the session is there: about two minutes of audio. */
const WAITING_BYTES = 16 * 1024 * 1024;

/** Why a connection is over. */
export interface Loss {
  readonly error: SpeechError;
  /** What the provider said where it did not take the connection at all. */
  readonly refusal?: ProviderFailure;
  /** It had worked, so another connection may. */
  readonly mayReturn: boolean;
}

export interface ConnectionEvents {
  readonly onEvent: (event: ServerEvent) => void;
  /** Nothing comes after it. Not called for what was closed from here. */
  readonly onLost: (loss: Loss) => void;
}

/** One connection of a session. What is sent before it is there goes out then, in its order. */
export class RealtimeConnection {
  readonly #target: SocketTarget;
  readonly #ports: EnginePorts;
  readonly #events: ConnectionEvents;
  readonly #socket: EngineSocket;
  readonly #openedAt: number;
  #expiresAt: number | undefined;
  #waiting: string[] | undefined = [];
  #waitingBytes = 0;
  #sent = 0;
  #heard = true;
  #over = false;
  #callOff: () => void;

  constructor(target: SocketTarget, ports: EnginePorts, events: ConnectionEvents) {
    this.#target = target;
    this.#ports = ports;
    this.#events = events;
    this.#openedAt = ports.clock.now();
    this.#callOff = ports.clock.after(OPENING_MS, () =>
      this.#lose(speechError("silent", target.who, `said nothing for ${OPENING_MS / 1000} s`)),
    );
    this.#socket = new EngineSocket({ ...target, messageBytes: MESSAGE_BYTES }, ports, {
      onOpen: () => undefined,
      onMessage: (text) => this.#read(text),
      onClosed: (code, reason) =>
        this.#lose(speechError("broken", target.who, `closed the connection (${code})${reason === "" ? "" : `: ${reason}`}`)),
      onFailure: (error, refusal) => this.#lose(error, refusal),
      onPong: () => (this.#heard = true),
    });
  }

  /** Whether the session is there. */
  get isReady(): boolean {
    return this.#waiting === undefined;
  }

  /** When it was opened, and when the provider ends it, if it says so. */
  get times(): { readonly openedAt: number; readonly expiresAt: number | undefined } {
    return { openedAt: this.#openedAt, expiresAt: this.#expiresAt };
  }

  /** Returns the id by which an error names it. */
  send(event: ClientEvent): string {
    const sent: SentEvent = { event_id: `fd_${(this.#sent += 1)}`, ...event };
    const text = JSON.stringify(sent);
    if (this.#over) return sent.event_id;
    if (this.#waiting === undefined) this.#socket.send(text);
    else {
      this.#waiting.push(text);
      this.#waitingBytes += text.length;
      if (this.#waitingBytes > WAITING_BYTES) this.#lose(speechError("silent", this.#target.who, "was not there in time"));
    }
    return sent.event_id;
  }

  async close(): Promise<void> {
    this.#end();
    await this.#socket.close(undefined);
  }

  cut(): void {
    this.#end();
    this.#socket.cut();
  }

  #read(text: string): void {
    this.#heard = true;
    let event: ServerEvent | undefined;
    try {
      event = readServerEvent(text);
    } catch {
      const error = speechError("broken", this.#target.who, "sent something that is not what it should be");
      return this.#lose(error, undefined, { mayReturn: false });
    }
    if (event?.type === "session.created" && this.#waiting !== undefined) {
      this.#callOff();
      const { expires_at: expiresAt } = event.session;
      this.#expiresAt = typeof expiresAt === "number" ? expiresAt * 1000 : undefined;
      for (const waiting of this.#waiting) this.#socket.send(waiting);
      this.#waiting = undefined;
      this.#look();
    }
    if (event !== undefined) this.#events.onEvent(event);
  }

  #look(): void {
    this.#callOff = this.#ports.clock.after(PING_MS, () => {
      if (!this.#heard) return this.#lose(speechError("silent", this.#target.who, `did not answer for ${PING_MS / 1000} s`));
      this.#heard = false;
      this.#socket.ping();
      this.#look();
    });
  }

  #lose({ kind, message }: SpeechError, refusal?: ProviderFailure, { mayReturn = this.isReady } = {}): void {
    if (this.#over) return;
    const error = new SpeechError(kind, redactKey(message, this.#ports.apiKey));
    this.cut();
    this.#events.onLost({ error, mayReturn, ...(refusal === undefined ? {} : { refusal }) });
  }

  #end(): void {
    this.#over = true;
    this.#callOff();
  }
}
