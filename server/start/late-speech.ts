import { REALTIME } from "../conversation/ports/speech-models.ts";
import type { VoiceSettings } from "../conversation/ports/voice.ts";
import type { VoiceTests } from "../conversation/ports/voice-test.ts";
import { lazily } from "../foundation/lazily.ts";
import type { ModelsOfCalls } from "../model/models-of-calls.ts";
import type { Speech } from "../speech/create-speech.ts";
import type { Base } from "./open-base.ts";

/** Engines of speech, loaded with the first call or test. */
export interface LateSpeech extends VoiceTests {
  /** For a call in this conversation. Those of one assistant know together which of them failed lately. */
  of(voice: VoiceSettings, conversationId: string): Promise<ReturnType<Speech["of"]>>;
  close(): Promise<void>;
}

type Needs = Pick<Base, "clock" | "log" | "configuration" | "wrap"> & {
  /** Where a call's own model joins. */
  readonly models: Pick<ModelsOfCalls, "join">;
};

export function lateSpeech({ clock, log, configuration, wrap, models }: Needs): LateSpeech {
  let speech: Speech | undefined;
  const loaded = lazily(async () => {
    const [{ createSpeech }, { openGuardedSockets }] = await Promise.all([
      import("../speech/create-speech.ts"),
      import("../guard/network/guarded-fetch.ts"),
    ]);
    return (speech = wrap("speech", createSpeech({ clock, log, sockets: () => openGuardedSockets(configuration.network) })));
  });
  const engines = new WeakMap<VoiceSettings, ReturnType<Speech["of"]>>();
  return {
    async of(voice, conversationId) {
      const opened = await loaded();
      const found = engines.get(voice) ?? opened.of(voice);
      engines.set(voice, found);
      const { realtime } = voice;
      if (realtime === undefined) return found;
      const { model = REALTIME.model, prices } = realtime;
      const by = { model, ...(prices === undefined ? {} : { prices }) };
      return opened.ofCall(realtime, found, (own) => models.join(conversationId, { model: own, by }));
    },
    async test(tested, signal) {
      const [{ testVoice }, opened] = await Promise.all([import("../speech/test-voice.ts"), loaded()]);
      return testVoice(tested, { speech: opened, clock }, signal);
    },
    close: async () => speech?.close(),
  };
}
