import { decodeVoiceFrame, FRAME_PCM16, type VoiceFrame } from "../../../protocol/voice-frame.ts";
import type { VoiceOffer } from "../../../protocol/frames.ts";
import type { VoiceClientMessage, VoiceServerMessage } from "../../../protocol/voice-frames.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import { RequestRefusedError } from "../../../widget/line/line.ts";
import { CallMemory } from "../../../widget/call/call-memory.ts";
import {
  type Around,
  type AssistantVoice,
  CallFault,
  type CallPorts,
  type Ears,
  type EarsNews,
  type VoiceNews,
} from "../../../widget/call/call-ports.ts";
import type { LeftCall } from "../../../widget/call/call-state.ts";
import { VoiceCall } from "../../../widget/call/voice-call.ts";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import type { VoiceFault } from "../../../widget/words/types/voice-words.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** A WebSocket without a network: the test is its server. */
export class StagedSocket {
  binaryType = "blob";
  bufferedAmount = 0;
  /** `later`: what is sent is taken a moment after. `never`: it waits for ever. */
  takes: "at once" | "later" | "never" = "at once";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  isClosed = false;
  readonly said: VoiceClientMessage[] = [];
  readonly frames: VoiceFrame[] = [];

  send(data: string | Uint8Array): void {
    if (this.takes !== "at once") this.bufferedAmount += data.length;
    if (this.takes === "later") setTimeout(() => (this.bufferedAmount = 0));
    if (typeof data === "string") this.said.push(JSON.parse(data) as VoiceClientMessage);
    else {
      const frame = decodeVoiceFrame(data);
      if (typeof frame === "string") throw new Error(frame);
      this.frames.push(frame);
    }
  }

  close(): void {
    this.isClosed = true;
  }

  says(message: VoiceServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** All that it was told of this kind. */
  of<T extends VoiceClientMessage["type"]>(type: T): Extract<VoiceClientMessage, { type: T }>[] {
    return this.said.filter((message): message is Extract<VoiceClientMessage, { type: T }> => message.type === type);
  }

  ready(more: object = {}): void {
    if (this.said.length === 0) this.onopen?.();
    this.says({
      type: "call-ready",
      voiceCallId: "voice-call",
      conversationId: "conversation-1",
      codec: "pcm",
      hearing: "server",
      speaking: "server",
      ...more,
    });
  }
}

/** Ears that hear what the test says. */
export class StagedEars implements Ears {
  level = 0.5;
  isClosed = false;
  readonly done: unknown[] = [];
  readonly news: EarsNews;

  constructor(news: EarsNews) {
    this.news = news;
  }

  mute(isMuted: boolean): void {
    this.done.push(["mute", isMuted]);
  }
  pushToTalk(isOn: boolean): void {
    this.done.push(["pushToTalk", isOn]);
  }
  talk(isHeld: boolean): void {
    this.done.push(["talk", isHeld]);
    this.news.say({ type: "talk", held: isHeld, atMs: 1 });
  }
  assistantSpeaks(isAudible: boolean): void {
    this.done.push(["assistantSpeaks", isAudible]);
  }
  assistantSays(): void {}
  hearFrom(microphoneId: string): void {
    this.done.push(["hearFrom", microphoneId]);
  }
  close(): void {
    this.isClosed = true;
  }

  /** The customer speaks for a while. */
  speaks(): void {
    this.news.say({ type: "speech", event: "started", atMs: 0 });
    this.audio(1);
  }
  audio(atMs: number): void {
    this.news.frame({ type: FRAME_PCM16, flags: 0, timeMs: atMs, audio: new Uint8Array(640) });
  }
  pauses(): void {
    this.news.say({ type: "speech", event: "paused", atMs: 100, sinceMs: 50 });
  }
}

export class StagedVoice implements AssistantVoice {
  isClosed = false;
  /** Up to where it was heard, while something is being said. */
  placeMs: number | undefined;
  readonly done: unknown[] = [];
  readonly news: VoiceNews;

  constructor(news: VoiceNews) {
    this.news = news;
  }

  begin(piece: { readonly text: string }): void {
    this.done.push(["begin", piece.text]);
  }
  frame({ timeMs }: VoiceFrame): void {
    this.done.push(["frame", timeMs]);
  }
  end(): void {
    this.done.push(["end"]);
  }
  duck(isDucked: boolean): void {
    this.done.push(["duck", isDucked]);
  }
  async cut(): Promise<number | undefined> {
    this.done.push(["cut"]);
    return this.placeMs;
  }
  hush(): void {
    this.done.push(["hush"]);
  }
  loud(volume: number): void {
    this.done.push(["loud", volume]);
  }
  playThrough(loudspeakerId: string): void {
    this.done.push(["playThrough", loudspeakerId]);
  }
  wake(): void {
    this.done.push(["wake"]);
  }
  stats(): { type: "stats"; underruns: number; underrunMs: number } {
    return { type: "stats", underruns: 1, underrunMs: 20 };
  }
  close(): void {
    this.isClosed = true;
  }
}

/** A browser around calls: what is kept in it stays from one page to the next. */
export class CallStage {
  readonly clock = new ManualClock();
  /** What the tab keeps, and what all tabs do. */
  readonly kept = [memoryShelf(), memoryShelf()] as const;
  readonly memory = new CallMemory(...this.kept, "frontdesk:call");
  readonly asked: { voiceCallId: string; takeOver: boolean | string }[] = [];
  readonly sockets: StagedSocket[] = [];
  readonly allEars: StagedEars[] = [];
  readonly voices: StagedVoice[] = [];
  /** What the customer line says to the next `call-start`: a refusal, or that it is lost. */
  refuses: ErrorCode | "lost" | undefined;
  fault: VoiceFault | undefined;
  voiceFault: VoiceFault | undefined;
  /** The customer line answers once this is there. */
  answers: Promise<void> = Promise.resolve();
  /** The customer thinks about the microphone. */
  permission: Promise<void> = Promise.resolve();
  /** Whether what opens is still wanted, of each time that ears were opened. */
  readonly wanted: AbortSignal[] = [];
  mayHear = true;
  devices: Awaited<ReturnType<CallPorts["devices"]>> = { microphones: [{ id: "headset", label: "Headset" }], loudspeakers: [] };
  /** The way of speech as Opus; undefined: the browser cannot encode it. */
  opus: Awaited<ReturnType<CallPorts["opus"]>>;
  around: Around | undefined;
  changes = 0;

  /** A page's call; `left`: of the page before. */
  call(offer: Partial<VoiceOffer> = {}, left?: LeftCall): VoiceCall {
    return new VoiceCall(
      {
        conversationId: "conversation-1",
        offer: { hearing: "server", speaking: "server", ...offer },
        ...(left === undefined ? {} : { left }),
      },
      this.#ports(),
      () => (this.changes += 1),
    );
  }

  /** A call that is on. */
  async on(offer: Partial<VoiceOffer> = {}): Promise<VoiceCall> {
    const call = this.call(offer);
    call.start();
    await this.settle();
    this.ears.news.activity("ready");
    this.socket.ready();
    return call;
  }

  get socket(): StagedSocket {
    return this.sockets.at(-1)!;
  }
  get ears(): StagedEars {
    return this.allEars.at(-1)!;
  }
  get voice(): StagedVoice {
    return this.voices.at(-1)!;
  }

  /** Whether anything still hears or sounds. */
  get isOpen(): boolean {
    return [...this.allEars, ...this.voices, ...this.sockets].some(({ isClosed }) => !isClosed);
  }

  /** Lets what was promised come. */
  async settle(): Promise<void> {
    for (let round = 0; round < 20; round += 1) await Promise.resolve();
  }

  async pass(ms: number): Promise<void> {
    this.clock.forward(ms);
    await this.settle();
  }

  #ports(): CallPorts {
    return {
      clock: this.clock,
      newId: () => this.clock.id(),
      memory: this.memory,
      ask: async (voiceCallId, takeOver) => {
        this.asked.push({ voiceCallId, takeOver });
        const token = `token-${this.asked.length}`;
        await this.answers;
        if (this.refuses === "lost") throw new Error("There is no line.");
        if (this.refuses !== undefined) throw new RequestRefusedError({ code: this.refuses, message: "No." });
        return { token, expiresInMs: 30_000 };
      },
      openSocket: () => {
        const socket = new StagedSocket();
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      opus: async () => this.opus,
      openEars: async (_, __, news, wanted) => {
        this.wanted.push(wanted);
        await this.permission;
        if (this.fault !== undefined) throw new CallFault(this.fault);
        const ears = new StagedEars(news);
        this.allEars.push(ears);
        return ears;
      },
      openVoice: async (_, __, news) => {
        if (this.voiceFault !== undefined) throw new CallFault(this.voiceFault);
        const voice = new StagedVoice(news);
        this.voices.push(voice);
        return voice;
      },
      mayHear: async () => this.mayHear,
      devices: async () => this.devices,
      watch: (around) => {
        this.around = around;
        return () => (this.around = undefined);
      },
    };
  }
}
