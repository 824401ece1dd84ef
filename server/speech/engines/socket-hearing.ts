import { redactKey } from "../../model/transport/redact-key.ts";
import { heardMs, type Hearing, type HearingOptions, type HearingSession, type Transcript } from "../ports/hearing.ts";
import { SpeechError } from "../ports/speech-error.ts";
import type { SocketHearingWire, SocketNews, SocketReader, Words } from "../wires/engine-wire.ts";
import { asSpeechError, refusedBy, speechError } from "../wires/speech-failure.ts";
import { Channel } from "./channel.ts";
import type { EnginePorts } from "./engine-ports.ts";
import { EngineSocket } from "./engine-socket.ts";

/** How long a connection may take, and an engine that has said nothing yet. */
const SILENT_MS = 10_000;
/** An ended turn of which the engine had said something is over when it says nothing more for so long. */
const SETTLED_MS = 2_500;
/** What is kept for an engine that is not connected yet, about a minute. */
const WAITING_BYTES = 2 * 1024 * 1024;

/** Hearing over a WebSocket that stays open for the call. */
export function socketHearing(wire: SocketHearingWire, ports: EnginePorts, own?: string): Hearing {
  return { name: wire.who, open: ({ language = own, signal }) => new SocketSession(wire, ports, { language, signal }) };
}

/** A turn whose final has not been told. */
interface OpenTurn {
  readonly number: number;
  ended: boolean;
  words: Words;
  /** Whether the engine said anything of it, be it that there was nothing yet. */
  alive: boolean;
  /** Kept while an earlier turn is open: a connection that is given up takes it along. */
  audio: Uint8Array[];
  bytes: number;
  sentMs: number;
}

interface Connection {
  readonly socket: EngineSocket;
  readonly reader: SocketReader;
  ready: boolean;
  /** The engine will close it. What it was given of a turn is heard there before. */
  leaving: boolean;
  /** For when it is ready. */
  waiting: (string | Uint8Array)[];
  waitingBytes: number;
  sentBytes: number;
  /** Whether audio was sent since the last look of the keep-alive. */
  busy: boolean;
}

class SocketSession implements HearingSession {
  readonly transcripts = new Channel<Transcript>();
  readonly #wire: SocketHearingWire;
  readonly #ports: EnginePorts;
  readonly #options: HearingOptions;
  readonly #turns: OpenTurn[] = [newTurn(0)];
  #connection: Connection | undefined;
  #over = false;
  #callOffWait: () => void = () => undefined;
  #callOffKeepAlive: () => void = () => undefined;
  readonly #onAbort = (): void => {
    this.#end(() => this.transcripts.fail(this.#options.signal.reason));
    this.#connection?.socket.cut();
  };

  constructor(wire: SocketHearingWire, ports: EnginePorts, options: HearingOptions) {
    this.#wire = wire;
    this.#ports = ports;
    this.#options = options;
    options.signal.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal.aborted) this.#onAbort();
    else this.#connect();
  }

  send(pcm: Uint8Array): void {
    if (this.#over || pcm.length === 0) return;
    const connection = this.#connection ?? this.#connect();
    const turn = this.#turns.at(-1);
    if (turn === undefined) return;
    if (turn.bytes === 0) turn.sentMs = heardMs(connection.sentBytes);
    turn.bytes += pcm.length;
    if (this.#turns.length > 1) turn.audio.push(Uint8Array.from(pcm));
    this.#sendAudio(connection, pcm);
  }

  endTurn(): void {
    const turn = this.#turns.at(-1);
    if (this.#over || turn === undefined) return;
    turn.ended = true;
    this.#turns.push(newTurn(turn.number + 1));
    // An engine asked to end nothing says nothing.
    if (turn.bytes > 0) this.#put(this.#connection ?? this.#connect(), this.#wire.endTurn);
    this.#look();
  }

  async close(): Promise<void> {
    this.#end(() => this.transcripts.end());
    await this.#connection?.socket.close(this.#wire.goodbye);
  }

  #connect(): Connection {
    const { who, url, headers, opening, saysReady } = this.#wire;
    const { language } = this.#options;
    const socket = new EngineSocket({ who, url: url(language), headers }, this.#ports, {
      onOpen: () => {
        for (const message of opening(language)) socket.send(message);
        if (!saysReady) this.#ready(connection);
      },
      onMessage: (text) => this.#read(connection, text),
      onClosed: (code, reason) => this.#closed(code, reason),
      onFailure: (error) => this.#fail(error),
    });
    const reader = this.#wire.reader();
    const connection: Connection = {
      socket,
      reader,
      ready: false,
      leaving: false,
      waiting: [],
      waitingBytes: 0,
      sentBytes: 0,
      busy: false,
    };
    this.#connection = connection;
    this.#look();
    return connection;
  }

  #ready(connection: Connection): void {
    connection.ready = true;
    for (const message of connection.waiting) connection.socket.send(message);
    connection.waiting = [];
    this.#keepAlive(connection);
    this.#look();
  }

  #keepAlive(connection: Connection): void {
    this.#callOffKeepAlive = this.#ports.clock.after(this.#wire.keepAliveMs, () => {
      if (this.#over || connection !== this.#connection) return;
      if (!connection.busy) connection.socket.send(this.#wire.keepAlive);
      connection.busy = false;
      this.#keepAlive(connection);
    });
  }

  #sendAudio(connection: Connection, pcm: Uint8Array): void {
    connection.sentBytes += pcm.length;
    connection.busy = true;
    this.#put(connection, this.#wire.audio(connection.ready ? pcm : Uint8Array.from(pcm)));
  }

  #put(connection: Connection, message: string | Uint8Array): void {
    if (connection.ready) return connection.socket.send(message);
    connection.waiting.push(message);
    connection.waitingBytes += message.length;
    if (connection.waitingBytes > WAITING_BYTES) this.#fail(this.#silent());
  }

  #read(connection: Connection, text: string): void {
    const turn = this.#turns[0];
    if (this.#over || turn === undefined || connection !== this.#connection) return;
    let news: SocketNews;
    try {
      news = connection.reader.read(text, turn);
    } catch {
      return this.#fail(speechError("broken", this.#wire.who, "sent something that is not what it should be"));
    }
    if (news.type === "failure") return this.#fail(refusedBy(this.#wire.who, news.failure));
    if (news.type === "ready") this.#ready(connection);
    else if (news.type === "leaving") connection.leaving = true;
    else if (news.type === "words") this.#words(turn, news);
    this.#look();
  }

  #words(turn: OpenTurn, { words, isWhole }: Extract<SocketNews, { type: "words" }>): void {
    const before = turn.words.text;
    turn.alive = true;
    turn.words = { ...words, text: words.text.trim() };
    if (isWhole && turn.ended) return this.#finish(turn);
    if (turn.words.text !== before && turn.words.text !== "") this.transcripts.put({ type: "partial", turn: turn.number, ...turn.words });
  }

  #finish(turn: OpenTurn): void {
    this.#turns.shift();
    this.#connection?.reader.nextTurn();
    for (const one of this.#turns.slice(0, 1)) one.audio = [];
    this.transcripts.put({ type: "final", turn: turn.number, ...turn.words });
  }

  /** Sees to it that what has to come comes, or is not waited for. */
  #look(): void {
    this.#callOffWait();
    if (this.#over) return;
    for (let [turn] = this.#turns; turn?.ended === true && turn.bytes === 0; [turn] = this.#turns) this.#finish(turn);
    if (this.#connection?.leaving === true && this.#turns.every(({ bytes }) => bytes === 0)) this.#leaves();
    const turn = this.#turns[0];
    const isConnecting = this.#connection?.ready === false;
    if (turn === undefined || (!turn.ended && !isConnecting)) return;
    this.#callOffWait =
      !isConnecting && (turn.alive || this.#wire.isMuteOnSilence)
        ? this.#ports.clock.after(SETTLED_MS, () => this.#settle(turn))
        : this.#ports.clock.after(SILENT_MS, () => this.#fail(this.#silent()));
  }

  /** Without an end from the engine. What it may still say of this turn must not get into the next: the connection goes. */
  #settle(turn: OpenTurn): void {
    const later = this.#turns.slice(1).map(({ audio, ...rest }) => ({ ...rest, audio: [...audio] }));
    this.#finish(turn);
    this.#leaves();
    if (later.every(({ bytes }) => bytes === 0)) return this.#look();
    const connection = this.#connect();
    for (const { number, audio, ended } of later) {
      const open = this.#turns.find((one) => one.number === number);
      if (open !== undefined) open.sentMs = heardMs(connection.sentBytes);
      for (const pcm of audio) this.#sendAudio(connection, pcm);
      if (ended && audio.length > 0) this.#put(connection, this.#wire.endTurn);
    }
  }

  /** The next audio opens another one. */
  #leaves(): void {
    const { socket } = this.#connection ?? {};
    this.#callOffKeepAlive();
    this.#connection = undefined;
    void socket?.close(this.#wire.goodbye);
  }

  #closed(code: number, reason: string): void {
    const isIdle = this.#turns.every(({ bytes }) => bytes === 0) && this.#connection?.ready === true;
    this.#callOffKeepAlive();
    this.#connection = undefined;
    if (isIdle) return;
    const why = reason === "" ? "" : `: ${reason}`;
    this.#fail(speechError("broken", this.#wire.who, `closed the connection (${code})${why}`));
  }

  #silent(): SpeechError {
    return speechError("silent", this.#wire.who, `said nothing for ${SILENT_MS / 1000} s`);
  }

  #fail(error: unknown): void {
    const { kind, message } = asSpeechError(this.#wire.who, error);
    this.#end(() => this.transcripts.fail(new SpeechError(kind, redactKey(message, this.#ports.apiKey))));
    this.#connection?.socket.cut();
  }

  #end(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#callOffWait();
    this.#callOffKeepAlive();
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    tell();
  }
}

function newTurn(number: number): OpenTurn {
  return { number, ended: false, words: { text: "" }, alive: false, audio: [], bytes: 0, sentMs: 0 };
}
