import type { Configuration } from "../configuration/read-configuration.ts";
import type { HeardTest, SpokenTest } from "../conversation/ports/voice-test.ts";
import { systemClock } from "./system-clock.ts";

/**
 * Has every voice of a file say a sentence, and every engine of hearing hear it, and prints how it went in plain
 * sentences. False: one of them does not work.
 */
export async function checkVoices({ assistants, network }: Configuration, print: (line: string) => void): Promise<boolean> {
  const voices = assistants.flatMap(({ key, voice }) => (voice === undefined ? [] : [{ key, voice }]));
  if (voices.length === 0) return true;
  const [{ createSpeech }, { testVoice }, { openGuardedSockets }] = await Promise.all([
    import("../speech/create-speech.ts"),
    import("../speech/test-voice.ts"),
    import("../guard/network/guarded-fetch.ts"),
  ]);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const speech = createSpeech({ clock: systemClock, log: quiet, sockets: () => openGuardedSockets(network) });
  const trials = voices.flatMap(({ key, voice: { realtime, ...engines } }) => [
    ...(realtime === undefined ? [] : [{ key, tested: { realtime } }]),
    { key, tested: engines },
  ]);
  let good = true;
  try {
    for (const { key, tested } of trials) {
      const { said, speaking, hearing } = await testVoice(tested, { speech, clock: systemClock }, new AbortController().signal);
      good &&= speaking.every(({ fault }) => fault === undefined) && hearing.every(works);
      for (const spoken of speaking) print(`The assistant "${key}" ${saidBy(spoken)}`);
      for (const heard of hearing) print(`The assistant "${key}" ${heardBy(heard, said)}`);
    }
  } finally {
    await speech.close();
  }
  return good;
}

const BY_BROWSER = {
  speaks: "speaks with the customer's browser, which cannot be tried from here.",
  hears: "hears with the customer's browser, which cannot be tried from here.",
};

/** What was not tried has its fault in the voices. */
function works({ fault, text }: HeardTest): boolean {
  return fault === undefined && text !== "";
}

function saidBy({ engine, fault, firstMs, wholeMs, audioMs, notTried }: SpokenTest): string {
  if (notTried === true) return BY_BROWSER.speaks;
  if (fault !== undefined) return `does not speak with ${engine}.\n  ${fault.message}`;
  return `speaks with ${engine}: first sound after ${firstMs} ms, a sentence of ${audioMs} ms after ${wholeMs} ms.`;
}

function heardBy({ engine, fault, finalMs, text, understood, notTried }: HeardTest, said: string): string {
  if (fault !== undefined) return `does not hear with ${engine}.\n  ${fault.message}`;
  if (notTried === true && engine === "browser") return BY_BROWSER.hears;
  if (notTried === true) return `was not tried with ${engine}: there was no voice to hear.`;
  if (text === "") return `does not hear with ${engine}.\n  It understood nothing of "${said}". Check its model and language.`;
  const line = `hears with ${engine}: "${text}" ${finalMs} ms after the end of the sentence.`;
  return understood === true ? line : `${line}\n  That was "${said}". Check its model and language.`;
}
