import type { VoiceSettings } from "../conversation/ports/voice.ts";
import type { VoiceTests } from "../conversation/ports/voice-test.ts";
import { lazily } from "../foundation/lazily.ts";
import type { Speech } from "../speech/create-speech.ts";
import type { Base } from "./open-base.ts";

/** Engines of speech, loaded with the first call or test. */
export interface LateSpeech extends VoiceTests {
  /** Those of one assistant know together which of them failed lately. */
  of(voice: VoiceSettings): Promise<ReturnType<Speech["of"]>>;
  close(): Promise<void>;
}

export function lateSpeech({ clock, log, configuration, wrap }: Pick<Base, "clock" | "log" | "configuration" | "wrap">): LateSpeech {
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
    async of(voice) {
      const found = engines.get(voice) ?? (await loaded()).of(voice);
      engines.set(voice, found);
      return found;
    },
    async test(tested, signal) {
      const [{ testVoice }, opened] = await Promise.all([import("../speech/test-voice.ts"), loaded()]);
      return testVoice(tested, { speech: opened, clock }, signal);
    },
    close: async () => speech?.close(),
  };
}
