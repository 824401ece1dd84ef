import { expect, test } from "vitest";
import { Resampler } from "../../../voice/activity/resampler.ts";
import type { EarEvent } from "../../../voice/capture/customer-ear.ts";
import { waitFor } from "../../support/wait-for.ts";
import { utterances } from "../activity/five-minutes.ts";
import { hasRecordings, NO_RECORDINGS } from "../activity/recordings.ts";
import { openSoundBrowser } from "../stage/sound-browser.ts";
import { openSoundSite } from "../stage/sound-site.ts";

declare global {
  var heard: EarEvent[];
}

const isThere = hasRecordings();
if (!isThere) console.log(`A person heard in a page is ${NO_RECORDINGS}.`);

test.skipIf(!isThere)("a page under the documented policy hears a person through its microphone", async () => {
  const site = await openSoundSite();
  const [person] = await utterances();
  const sound = new Float32Array(48 * 6000);
  sound.set(new Resampler(16_000, 48_000).resample([person!.samples]), 48 * 1000);
  const browser = await openSoundBrowser(site, { heard: sound });
  try {
    const { page, troubles } = await browser.open();
    await page.evaluate(async () => {
      globalThis.heard = [];
      const ear = new voice.CustomerEar((event) => heard.push(event));
      const weights = await fetch(desk.weightsUrl).then((response) => response.arrayBuffer());
      ear.model = new voice.Silero(voice.readWeights(new Uint8Array(weights)));
      globalThis.mic = await voice.openMicrophone({
        workletUrl: desk.workletUrl,
        onFrames: (samples, capturedMs) => ear.hear(samples, capturedMs),
        onEnd: () => 0,
      });
    });
    await waitFor(() => page.evaluate(() => heard.some((event) => event.type === "speech" && event.event === "ended")));
    const { types, bytes } = await page.evaluate(() => {
      mic.stop();
      return {
        types: heard.flatMap((event) => (event.type === "speech" ? [event.event] : [])),
        bytes: heard.reduce((sum, event) => sum + (event.type === "audio" ? event.pcm.length : 0), 0),
      };
    });
    expect(types[0]).toBe("started");
    // At least what was said, at 16 kHz.
    expect(bytes).toBeGreaterThan(32 * (person!.untilMs - person!.fromMs));
    expect(troubles).toEqual([]);
  } finally {
    await browser.close();
    await site.close();
  }
});
