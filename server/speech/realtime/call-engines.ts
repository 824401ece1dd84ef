import type { Model } from "../../conversation/ports/model.ts";
import { FallBackHearing, type FallBackPorts } from "../engines/fall-back.ts";
import type { Hearing, HearingOptions, HearingSession, Transcript } from "../ports/hearing.ts";
import type { Realtime } from "../ports/realtime.ts";
import type { SpeakOptions, Speaking, SpokenAudio, WrittenPiece } from "../ports/speaking.ts";

export interface CallEngines {
  readonly hearing: Hearing;
  readonly speaking: Speaking;
}

export interface CallEnginesPorts extends FallBackPorts {
  readonly realtime: Realtime;
  /** Those of the assistant: they hear and speak where the session fails, and say what is ours to say. */
  readonly engines: CallEngines;
  /** This model answers in the call from now on. Returns what ends that. */
  readonly onModel: (model: Model) => () => void;
}

/** The engines of one call that has a model which hears and speaks itself. */
export function realtimeEngines({ realtime, engines, onModel, ...ports }: CallEnginesPorts): CallEngines {
  let speaking = engines.speaking;
  const own: Hearing = {
    name: realtime.name,
    open: (options) => {
      const session = realtime.open({ ...options, speaking: engines.speaking });
      speaking = session.speaking;
      return new JoinedSession(session, onModel(session.model), options);
    },
  };
  return {
    hearing: new FallBackHearing([own, engines.hearing], ports),
    speaking: {
      get name() {
        return speaking.name;
      },
      speak: (text: string, options: SpeakOptions): AsyncIterable<SpokenAudio> => speaking.speak(text, options),
      cut: (piece: WrittenPiece, heardMs: number) => speaking.cut?.(piece, heardMs),
      heard: (piece: WrittenPiece) => speaking.heard?.(piece),
    },
  };
}

/** Answers come from the session as long as it hears. */
class JoinedSession implements HearingSession {
  readonly transcripts: AsyncIterable<Transcript>;
  readonly #session: HearingSession;
  readonly #leave: () => void;

  constructor(session: HearingSession, leave: () => void, { signal }: HearingOptions) {
    this.#session = session;
    this.#leave = leave;
    this.transcripts = this.#read();
    signal.addEventListener("abort", leave, { once: true });
  }

  send(pcm: Uint8Array): void {
    this.#session.send(pcm);
  }

  endTurn(): void {
    this.#session.endTurn();
  }

  async close(): Promise<void> {
    this.#leave();
    await this.#session.close();
  }

  async *#read(): AsyncGenerator<Transcript, void> {
    try {
      yield* this.#session.transcripts;
    } finally {
      this.#leave();
    }
  }
}
