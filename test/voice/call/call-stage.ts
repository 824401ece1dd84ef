/** Voice calls in-process: the clock moves when the test says so, and the conversation says what the test says. */
import { setImmediate as turn } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import type { VoiceClientMessage, VoiceFrame, VoiceServerMessage } from "../../../protocol/voice-frames.ts";
import { voiceClientSchema } from "../../../protocol/voice-frames.ts";
import type { Assistant } from "../../../server/conversation/ports/assistant.ts";
import type { RecordedPiece } from "../../../server/conversation/ports/recordings.ts";
import type { VoiceSettings } from "../../../server/conversation/ports/voice.ts";
import type { CutSpeech, EndedCall, HeardSpeech, StartedCall } from "../../../server/conversation/voice-desk.ts";
import { OpenedCalls } from "../../../server/voice/opened-calls.ts";
import type { Caller } from "../../../server/voice/caller.ts";
import type { CallLine } from "../../../server/voice/ports/call-line.ts";
import type { VoiceCallsPorts } from "../../../server/voice/ports.ts";
import type { OpenApprovals } from "../../../server/voice/spoken-approvals.ts";
import type { VoiceCall } from "../../../server/voice/voice-call.ts";
import { VoiceCalls } from "../../../server/voice/voice-calls.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { createMemoryDocuments } from "../../support/memory-documents.ts";
import { type ScriptedSpeech, scriptedSpeech, SPOKEN_RATE } from "../../support/scripted-speech.ts";

export const CALLER: Caller = { id: "customer-one", assistant: "shop", sessionId: "session-one", address: "192.0.2.1" };
export const CONVERSATION = "conversation-one";

export type Written =
  | { type: "begun"; call: StartedCall }
  | { type: "ended"; call: EndedCall }
  | ({ type: "speech-heard" } & HeardSpeech)
  | ({ type: "speech-cut" } & CutSpeech);
export type Asked = readonly [method: string, ...asked: unknown[]];

export type Recorded = RecordedPiece | { readonly at: number; readonly durationMs: number };

/** A page on the line. */
export interface Page extends CallLine {
  readonly call: VoiceCall;
  readonly told: VoiceServerMessage[];
  readonly frames: VoiceFrame[];
  waitingBytes: number;
  isClosed: boolean;
  of<T extends VoiceServerMessage["type"]>(type: T): Extract<VoiceServerMessage, { type: T }>[];
  /** Its texts, in the order in which they were announced. */
  readonly sayings: string[];
  /** What it does at this moment. */
  readonly phase: string | undefined;
  take(message: VoiceClientMessage): Promise<void>;
  /** The customer says this: so much audio, then quiet until the turn is over, then the engine's transcript. */
  speak(text: string, lengthMs?: number): Promise<void>;
  /** The customer begins to make a sound, and has ended it. */
  begin(): Promise<void>;
  quiet(): Promise<void>;
  /** Time passes, what comes is played in it, and the page says so. */
  play(ms: number): Promise<void>;
  /** Plays until all that came is heard. */
  playOut(): Promise<void>;
  /** Interrupts, wherever it is. */
  cut(by?: "speech" | "button"): Promise<void>;
  /** The line breaks. */
  lose(): Promise<void>;
}

export interface Stage extends ScriptedSpeech {
  readonly clock: ManualClock;
  readonly calls: VoiceCalls;
  readonly written: Written[];
  readonly asked: Asked[];
  readonly logged: string[];
  /** What was recorded, and at last how long it is. */
  readonly recorded: Recorded[];
  assistant: Assistant;
  /** What the desk throws, by its method. */
  readonly refusals: Map<string, Error>;
  call(change?: Partial<{ voiceCallId: string; conversationId: string; caller: Caller; takeOver: boolean | string }>): Promise<Page>;
  /** Waits until everything that can happen at this moment has. */
  settle(): Promise<void>;
  forward(ms: number): Promise<void>;
  emit(...drafts: EventDraft[]): Promise<void>;
  text(text: string, place?: { turnId?: string; step?: number; offset?: number }): Promise<void>;
  /** A whole turn that says this. */
  answer(text: string, turnId?: string): Promise<void>;
  /** What was heard and cut, in short. */
  heard(): { type: string; text: string; unheard?: string }[];
}

export const VOICE: VoiceSettings = {
  enabled: true,
  hearing: [{ provider: "openai-compatible" }],
  speaking: [{ provider: "openai-compatible", language: "en" }],
};

/** Nobody is asked aloud. */
export const nothingAsked: OpenApprovals = () => ({
  isAsking: false,
  asking: [],
  accept: () => undefined,
  speechBegan: () => undefined,
  answer: () => false,
  close: () => undefined,
});

export function openStage(
  options: {
    readonly voice?: Partial<VoiceSettings>;
    readonly approvals?: VoiceCallsPorts["approvals"];
    readonly lastEvents?: readonly JournalEvent[] | (() => Promise<readonly JournalEvent[]>);
    /** A desk in the place of one that only notes what it is asked. */
    readonly desk?: Pick<VoiceCallsPorts, "desk" | "journal">;
  } = {},
): Stage {
  const clock = new ManualClock();
  const speech = scriptedSpeech();
  const written: Written[] = [];
  const asked: Asked[] = [];
  const logged: string[] = [];
  const recorded: Recorded[] = [];
  const refusals = new Map<string, Error>();
  const write = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const answers =
    (method: string, usual: unknown) =>
    async (_customer: unknown, ...rest: unknown[]) => {
      asked.push([method, ...rest]);
      const refusal = refusals.get(method);
      if (refusal !== undefined) throw refusal;
      return usual as never;
    };
  const base = assistant();
  let seq = 0;
  const settle = async (): Promise<void> => {
    for (let times = 0; times < 12; times++) await turn();
  };
  const stage: Stage = {
    ...speech,
    clock,
    written,
    asked,
    logged,
    recorded,
    refusals,
    assistant: { ...base, voice: { ...VOICE, ...options.voice } },
    calls: new VoiceCalls({
      desk: { canListen: async () => true, send: answers("send", { seq: 1 }), decide: answers("decide", { seq: 1 }) },
      journal: {
        started: async (_customer, call) => {
          const refusal = refusals.get("begun");
          if (refusal !== undefined) throw refusal;
          written.push({ type: "begun", call });
          return { seq: 1 };
        },
        ended: async (_customer, call) => (written.push({ type: "ended", call }), { seq: 1 }),
        heard: async (_customer, speech) => (written.push({ type: "speech-heard", ...speech }), { seq: 1 }),
        cut: async (_customer, speech) => (written.push({ type: "speech-cut", ...speech }), { seq: 1 }),
        begin: async (_customer, { text }) => (asked.push(["ahead", text]), true),
        drop: () => void asked.push(["drop"]),
        interrupt: answers("interrupt", "stopped"),
      },
      assistants: { find: (key) => (key === "shop" ? stage.assistant : undefined) },
      speech: async () => ({ hearing: speech.hearing, speaking: speech.speaking }),
      countMessage: async () => {
        const refusal = refusals.get("count");
        if (refusal !== undefined) throw refusal;
      },
      activity: () => Promise.reject(new Error("no weights")),
      lastEvents: async () => (typeof options.lastEvents === "function" ? options.lastEvents() : (options.lastEvents ?? [])),
      approvals: options.approvals ?? nothingAsked,
      opened: new OpenedCalls({ documents: createMemoryDocuments(), clock }),
      recordings: {
        begin: async () => true,
        append: async (_place, pieces) => (recorded.push(...pieces), true),
        end: async (_place, at, durationMs) => void recorded.push({ at, durationMs }),
      },
      clock,
      log: { info: write, warn: write, error: write },
      isStopping: () => false,
      ...options.desk,
    }),
    settle,
    forward: async (ms) => {
      for (let left = ms; left > 0; left -= 20) {
        clock.forward(Math.min(20, left));
        await settle();
      }
    },
    emit: async (...drafts) => {
      const events = drafts.map((draft) => ({ ...draft, seq: ++seq, at: clock.now() }) as JournalEvent);
      stage.calls.events(CONVERSATION, events);
      await settle();
    },
    text: async (text, { turnId = "turn-one", step = 0, offset = 0 } = {}) => {
      stage.calls.text({ conversationId: CONVERSATION, turnId, step, offset, text, stream: 1 });
      await settle();
    },
    answer: async (text, turnId = "turn-one") => {
      await stage.emit({ type: "turn-started", turnId, messageId: "message-one" });
      await stage.text(text, { turnId });
      await stage.emit({ type: "step-ended", turnId, step: 0, text }, { type: "turn-ended", turnId, outcome: "done" });
    },
    heard: () =>
      written.flatMap((one) =>
        one.type === "speech-heard" || one.type === "speech-cut"
          ? [{ type: one.type, text: one.text, ...(one.type === "speech-cut" ? { unheard: one.unheard } : {}) }]
          : [],
      ),
    call: async ({ voiceCallId = "call-0001", conversationId = CONVERSATION, caller = CALLER, takeOver = false } = {}) => {
      const { token } = await stage.calls.start(caller, { conversationId, voiceCallId, takeOver });
      const page = openPage(stage);
      const call = await stage.calls.open(token, page);
      Object.assign(page, { call });
      await settle();
      return page;
    },
  };
  onTestFinished(() => stage.calls.close());
  return stage;
}

function openPage(stage: Stage): Page {
  const told: VoiceServerMessage[] = [];
  const frames: VoiceFrame[] = [];
  const captureMs = 5_000;
  const captured = (): number => captureMs + stage.clock.now() - begun;
  const begun = stage.clock.now();
  let playedMs = 0;
  const receivedMs = (): number => Math.max(0, ...frames.map(({ timeMs, audio }) => timeMs + (audio.length / 2 / SPOKEN_RATE) * 1_000));
  const page = {
    call: undefined as unknown as VoiceCall,
    told,
    frames,
    waitingBytes: 0,
    codec: "pcm",
    isClosed: false,
    say: (message) => void (page.isClosed || told.push(message)),
    frame: (frame) => void (page.isClosed || frames.push(frame)),
    close: () => void (page.isClosed = true),
    of: (type) => told.filter((one) => one.type === type) as never,
    get sayings() {
      return page.of("saying").map(({ text }) => text);
    },
    get phase() {
      return page.of("phase").at(-1)?.phase;
    },
    take: async (message) => {
      const parsed = voiceClientSchema.parse(message);
      if (parsed.type !== "call-open") page.call.take(parsed);
      await stage.settle();
    },
    begin: () => page.take({ type: "speech", event: "started", atMs: captured() }),
    quiet: () => page.take({ type: "speech", event: "paused", atMs: captured(), sinceMs: captured() }),
    speak: async (text, lengthMs = 1_000) => {
      await page.begin();
      for (let at = 0; at < lengthMs; at += 100) {
        page.call.frame({ type: 1, flags: 0, seq: at, timeMs: captured(), audio: new Uint8Array(3_200) });
        await stage.forward(100);
      }
      const { ended } = stage.hearing.session;
      await page.quiet();
      while (stage.hearing.session.ended === ended) await stage.forward(20);
      stage.hearing.session.final(text);
      await stage.settle();
    },
    play: async (ms) => {
      for (let left = ms; left > 0; left -= 100) {
        await stage.forward(Math.min(100, left));
        playedMs = Math.min(receivedMs(), playedMs + 100);
        await page.take({ type: "heard", untilMs: playedMs });
      }
    },
    playOut: async () => {
      do await page.play(100);
      while (playedMs < receivedMs());
    },
    cut: async (by = "speech") => {
      const untilMs = playedMs;
      playedMs = receivedMs();
      await page.take({ type: "cut", untilMs, by });
    },
    lose: async () => {
      page.isClosed = true;
      page.call.detach(page);
      await stage.settle();
    },
  } as Page;
  return page;
}
