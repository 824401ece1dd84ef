/** Engines of speech in-process: what is heard and how it is said is the test's. */
import type { Speech } from "../../server/speech/create-speech.ts";
import { Channel } from "../../server/speech/engines/channel.ts";
import type { Hearing, HearingSession, Transcript } from "../../server/speech/ports/hearing.ts";
import { SpeechError } from "../../server/speech/ports/speech-error.ts";
import type { Speaking, SpokenAudio } from "../../server/speech/ports/speaking.ts";

export const SPOKEN_RATE = 16_000;
/** How long a character sounds. */
export const CHARACTER_MS = 50;

export interface ScriptedSession {
  /** Bytes of the open turn. */
  bytes: number;
  /** Turns that were ended, */
  ended: number;
  /** and answered. */
  answered: number;
  isClosed: boolean;
  /** Of the oldest turn without an answer. */
  partial(text: string): void;
  /** Answers the oldest turn that was ended. */
  final(text: string): void;
  fail(error?: Error): void;
}

export interface ScriptedHearing extends Hearing {
  readonly sessions: ScriptedSession[];
  /** The newest. */
  readonly session: ScriptedSession;
  /** What is understood of each turn, when it ends. Undefined: the test says it. */
  understands: ((turn: number) => string) | undefined;
}

export function scriptedHearing(): ScriptedHearing {
  const sessions: ScriptedSession[] = [];
  const hearing: ScriptedHearing = {
    name: "scripted ears",
    sessions,
    understands: undefined,
    get session() {
      return sessions.at(-1)!;
    },
    open: ({ signal }) => {
      const transcripts = new Channel<Transcript>();
      const session: ScriptedSession = {
        bytes: 0,
        ended: 0,
        answered: 0,
        isClosed: false,
        partial: (text) => transcripts.put({ type: "partial", turn: session.answered, text }),
        final: (text) => transcripts.put({ type: "final", turn: session.answered++, text, confidence: 0.9 }),
        fail: (error = new SpeechError("broken", "The ears broke.")) => transcripts.fail(error),
      };
      sessions.push(session);
      signal.addEventListener("abort", () => transcripts.fail(signal.reason));
      const opened: HearingSession = {
        transcripts,
        send: (pcm) => void (session.bytes += pcm.length),
        endTurn: () => {
          const turn = session.ended++;
          session.bytes = 0;
          if (hearing.understands !== undefined) session.final(hearing.understands(turn));
        },
        close: async () => {
          session.isClosed = true;
          transcripts.end();
        },
      };
      return opened;
    },
  };
  return hearing;
}

export interface ScriptedSpeaking extends Speaking {
  /** What it was asked to say. */
  readonly said: string[];
  /** What it says nothing of until it is let go; `fails` throws. */
  waits: Promise<void> | undefined;
  fails: ((text: string) => boolean) | undefined;
  /** Breaks off in the middle of these. */
  breaks: ((text: string) => boolean) | undefined;
  /** Requests that were ended before their end. */
  ended: number;
}

/** Each text sounds as long as it is, in two pieces. */
export function scriptedSpeaking(): ScriptedSpeaking {
  const speaking: ScriptedSpeaking = {
    name: "scripted voice",
    said: [],
    waits: undefined,
    fails: undefined,
    breaks: undefined,
    ended: 0,
    async *speak(text, { signal }) {
      speaking.said.push(text);
      let isWhole = false;
      try {
        await Promise.race([speaking.waits, aborted(signal)]);
        signal.throwIfAborted();
        if (speaking.fails?.(text) === true) throw new SpeechError("unreachable", "The voice is gone.");
        yield audioOf(text.length * CHARACTER_MS * 0.5);
        if (speaking.breaks?.(text) === true) throw new SpeechError("broken", "The voice broke off.");
        yield audioOf(text.length * CHARACTER_MS * 0.5);
        isWhole = true;
      } finally {
        if (!isWhole) speaking.ended += 1;
      }
    },
  };
  return speaking;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function audioOf(ms: number): SpokenAudio {
  return { pcm: new Uint8Array(Math.round((ms / 1000) * SPOKEN_RATE) * 2), sampleRate: SPOKEN_RATE };
}

export interface ScriptedSpeech {
  readonly hearing: ScriptedHearing;
  readonly speaking: ScriptedSpeaking;
  readonly speech: Speech;
}

export function scriptedSpeech(): ScriptedSpeech {
  const hearing = scriptedHearing();
  const speaking = scriptedSpeaking();
  const never = (): never => {
    throw new Error("No call here has a model that hears and speaks itself.");
  };
  const speech: Speech = {
    hearing: () => hearing,
    speaking: () => speaking,
    realtime: never,
    of: () => ({ hearing, speaking }),
    ofCall: never,
    close: async () => {},
  };
  return { hearing, speaking, speech };
}
