import { type LookupFunction } from "node:net";
import { lookup } from "node:dns";
import { Agent } from "undici";
import { createSpeech, type Speech, type SpeechPorts } from "../../server/speech/create-speech.ts";
import { ManualClock } from "../support/manual-clock.ts";

export const KEY = "sk-speech-0123456789abcdef";

/** Connections that may lead anywhere. */
export const freeSockets: SpeechPorts["sockets"] = async () => ({
  dispatcher: new Agent({ allowH2: false }),
  check: () => undefined,
  lookupFor: (): LookupFunction => lookup as LookupFunction,
});

export function openSpeech(more: Partial<SpeechPorts> = {}): { speech: Speech; clock: ManualClock; logged: unknown[] } {
  const clock = new ManualClock();
  const logged: unknown[] = [];
  const log = {
    info: () => undefined,
    warn: (fields: unknown) => void logged.push(fields),
    error: (fields: unknown) => void logged.push(fields),
  };
  return { speech: createSpeech({ clock, log, sockets: freeSockets, ...more }), clock, logged };
}

/** Audio that no two pieces of are alike: samples count up. */
export function countedPcm(samples: number, from = 0): Buffer {
  const pcm = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index++) pcm.writeInt16LE(((from + index) % 32_000) - 16_000, index * 2);
  return pcm;
}
