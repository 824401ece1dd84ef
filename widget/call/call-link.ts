import { PASSING_REFUSALS } from "../../protocol/errors.ts";
import { ALIVE_EVERY_MS, type VoiceFrame } from "../../protocol/voice-frame.ts";
import type { VoiceClientMessage, VoiceServerMessage } from "../../protocol/voice-frames.ts";
import { RequestRefusedError } from "../line/line.ts";
import { CallLine } from "./call-line.ts";
import { COMES_BACK_MS } from "./call-memory.ts";
import type { CallPorts } from "./call-ports.ts";
import type { CallState } from "./call-state.ts";

/** Until the server is ready, from when a connection is begun. */
const CONNECT_MS = 5_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 2_000;
const CHECK_EVERY_MS = 5_000;
/** A token that is about to run out is not used. */
const SPARE_MS = 5_000;

/** What the server says in a call that is on. */
export type CallMessage = Exclude<VoiceServerMessage, { type: "call-ready" | "refused" | "alive" }>;

export interface CallLinkNews {
  ready(): void;
  message(message: CallMessage): void;
  frame(frame: VoiceFrame): void;
  /** The connection is gone; it is tried again. */
  lost(): void;
  /** Every few seconds while it is on. */
  check(): void;
  over(why: Pick<CallState, "end" | "fault" | "error">): void;
  /** The customer is in a call in another tab. */
  elsewhere(): void;
}

type LinkPorts = Pick<CallPorts, "clock" | "ask" | "openSocket" | "opus">;

/** Keeps one call connected, as long as the server waits for it. */
export class CallLink {
  readonly #ports: LinkPorts;
  readonly #news: CallLinkNews;
  readonly #voiceCallId: string;
  /** What is ended for this one, until it is on: whatever other call the customer is in, or the one with this id. */
  takeOver: boolean | string = false;
  #token = "";
  #expiresAt = 0;
  /** While it is asked for a token. Another one: what that answer says comes too late. */
  #asking: symbol | undefined;
  #line: CallLine | undefined;
  #opus: Awaited<ReturnType<LinkPorts["opus"]>>;
  /** The way of speech on this connection, where it is Opus. */
  #lane: ReturnType<NonNullable<Awaited<ReturnType<LinkPorts["opus"]>>>> | undefined;
  /** Until when the server waits for a call whose connection is gone; 0: it is not gone, or never was. */
  #waitsUntil = 0;
  #wasReady = false;
  #isReady = false;
  #pauseMs = FIRST_PAUSE_MS;
  #callOff: (() => void) | undefined;
  #callOffEnd: (() => void) | undefined;
  #callOffSilence: (() => void) | undefined;

  constructor(voiceCallId: string, ports: LinkPorts, news: CallLinkNews) {
    this.#voiceCallId = voiceCallId;
    this.#ports = ports;
    this.#news = news;
    void ports.opus().then((opus) => (this.#opus = opus));
  }

  /** When the page of this call went, or its connection was lost; now, while all is well. */
  get leftAt(): number {
    return this.#waitsUntil === 0 ? this.#ports.clock.now() : this.#waitsUntil - COMES_BACK_MS;
  }

  /**
   * Asks for what a connection is opened with. Rejects with what the server says.
   *
   * @returns false: it was closed meanwhile, or asked anew
   */
  async ask(): Promise<boolean> {
    const asking = (this.#asking = Symbol("asking"));
    try {
      const { token, expiresInMs } = await this.#ports.ask(this.#voiceCallId, this.takeOver);
      if (asking !== this.#asking) return false;
      this.#token = token;
      this.#expiresAt = this.#ports.clock.now() + expiresInMs - SPARE_MS;
      return true;
    } catch (error) {
      if (asking !== this.#asking) return false;
      throw error;
    } finally {
      if (asking === this.#asking) this.#asking = undefined;
    }
  }

  /** Connects for the first time; asks again where the customer has thought for a while. */
  async begin(): Promise<void> {
    if (this.#ports.clock.now() <= this.#expiresAt || (await this.ask())) this.#connect();
  }

  /** This page goes on with the call of one that went away then. False: it is too late, and the call is over. */
  resume(leftAt: number): boolean {
    this.#wasReady = true;
    this.#waitsUntil = leftAt + COMES_BACK_MS;
    return this.#waits();
  }

  /** There is a network again: what waits for its next try need not wait. */
  hurry(): void {
    if (this.#callOff !== undefined) this.goOn();
  }

  /** Tries now, where the connection is gone. */
  goOn(): void {
    if (this.#waitsUntil === 0 || this.#line !== undefined || this.#asking !== undefined) return;
    this.#rest();
    this.ask().then(
      (isMine) => {
        if (isMine) this.#connect();
      },
      (error: unknown) => {
        const isPassing = !(error instanceof RequestRefusedError) || PASSING_REFUSALS.includes(error.wire.code);
        if (isPassing) this.#lose();
        else this.refused(error);
      },
    );
  }

  /** Says it to a server that is ready, and to no other. */
  say(message: VoiceClientMessage): void {
    if (this.#isReady || message.type === "call-end") this.#line?.say(message);
  }

  /** Of the customer's speech, in its order, and that they are muted: what they said before is heard. */
  speak(message: VoiceClientMessage): void {
    if (this.#isReady) (this.#lane ?? this.#line)?.say(message);
  }

  send(frame: Omit<VoiceFrame, "seq">): void {
    if (this.#isReady) (this.#lane ?? this.#line)?.frame(frame);
  }

  /** The network is gone: nothing need be waited for. */
  lose(): void {
    this.#line?.lose();
  }

  /** What the server's refusal, or its silence, makes of the call. */
  refused(error: unknown): void {
    const news = this.#news;
    if (!(error instanceof RequestRefusedError)) return news.over({ fault: "unreached" });
    const { code } = error.wire;
    if (this.#wasReady && code === "call-over") news.over({ end: "left" });
    else if (code !== "call-elsewhere") news.over({ error: error.wire });
    else if (this.#wasReady) news.over({ end: "taken-over" });
    else news.elsewhere();
  }

  /** Says nothing more. Harmless when repeated. */
  close(): void {
    this.#isReady = false;
    this.#asking = undefined;
    this.#rest();
    this.#callOffEnd?.();
    this.#waitsUntil = 0;
    this.#line?.close();
    this.#letGo();
  }

  #connect(): void {
    const codecs = this.#opus === undefined ? {} : { codecs: ["opus" as const] };
    const open = { type: "call-open" as const, token: this.#token, ...codecs, activity: true };
    this.#expiresAt = 0;
    const line = new CallLine(this.#ports.openSocket, open, {
      message: (message) => this.#take(message),
      frame: (frame) => this.#news.frame(frame),
      lost: () => this.#lose(),
    });
    this.#line = line;
    this.#after(CONNECT_MS, () => {
      if (!this.#wasReady) line.say({ type: "call-end" });
      line.lose();
    });
  }

  #take(message: VoiceServerMessage): void {
    // To a server that has ended it there is nothing to say.
    if (message.type === "refused" || message.type === "call-end") this.#line?.close();
    if (message.type === "refused") this.refused(new RequestRefusedError(message.error));
    else if (message.type === "call-ready") {
      this.#wasReady = this.#isReady = true;
      this.#waitsUntil = 0;
      this.takeOver = false;
      this.#callOffEnd?.();
      this.#pauseMs = FIRST_PAUSE_MS;
      if (message.codec === "opus" && this.#line !== undefined) this.#lane = this.#opus?.(this.#line);
      this.#news.ready();
      this.#check();
    } else if (message.type === "alive") this.#alive();
    else this.#news.message(message);
  }

  /** A connection may be dead and not know it: then this is not said again. */
  #alive(): void {
    const line = this.#line;
    this.#callOffSilence?.();
    this.#callOffSilence = this.#ports.clock.after(2 * ALIVE_EVERY_MS, () => line?.lose());
  }

  #check(): void {
    this.#after(CHECK_EVERY_MS, () => {
      const line = this.#line;
      line?.check();
      if (line === undefined || line !== this.#line) return;
      this.#news.check();
      this.#check();
    });
  }

  #lose(): void {
    this.#isReady = false;
    this.#letGo();
    this.#rest();
    // Nobody waits for what never was.
    if (!this.#wasReady) return this.#news.over({ fault: "unreached" });
    if (this.#waitsUntil === 0) {
      this.#waitsUntil = this.#ports.clock.now() + COMES_BACK_MS;
      this.#news.lost();
    }
    if (!this.#waits()) return;
    this.#after(this.#pauseMs, () => this.goOn());
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #letGo(): void {
    this.#callOffSilence?.();
    this.#line = undefined;
    this.#lane?.close();
    this.#lane = undefined;
  }

  /** Whether the server still waits. When it does no longer, the call is over. */
  #waits(): boolean {
    const leftMs = this.#waitsUntil - this.#ports.clock.now();
    this.#callOffEnd?.();
    if (leftMs > 0) this.#callOffEnd = this.#ports.clock.after(leftMs, () => this.#news.over({ end: "left" }));
    else this.#news.over({ end: "left" });
    return leftMs > 0;
  }

  #after(delayMs: number, run: () => void): void {
    this.#rest();
    this.#callOff = this.#ports.clock.after(delayMs, run);
  }

  #rest(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
