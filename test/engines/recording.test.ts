import { Router } from "express";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { POLICY } from "../../server/http/console/console-routes.ts";
import { recordingsRoutes } from "../../server/http/api/routes/recordings-routes.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { toMuLaw } from "../../server/voice/recording/mu-law.ts";
import { begin, CONVERSATION } from "../contract/store-drafts.ts";
import { ADMIN, startApi } from "../http/api/api-harness.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { ENGINES } from "./engine.ts";
import { whyNotInstalled } from "./installed-engines.ts";
import { startEngine } from "./start-engine.ts";

const SECOND = 16_000;
const LENGTH_S = 20;

function tone(seconds: number): Uint8Array {
  const samples = Int16Array.from({ length: seconds * SECOND }, (_, index) => 8_000 * Math.sin((2 * Math.PI * 440 * index) / SECOND));
  return toMuLaw(new Uint8Array(samples.buffer));
}

/** The address of an API with a recording in it: the customer speaks in the first four seconds, the assistant in the last four. */
async function recordedCall(): Promise<string> {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await begin(store);
  const place = { conversationId: CONVERSATION, voiceCallId: "voice-call-1" };
  await store.recordings.begin(place, 1);
  await store.recordings.append(place, [
    { side: "customer", from: 0, audio: tone(4) },
    { side: "assistant", from: (LENGTH_S - 4) * SECOND, audio: tone(4) },
  ]);
  await store.recordings.end(place, 1, LENGTH_S * 1000);
  // Beside it a page under the console's policy.
  const page = Router().get("/page", (_request, response) => {
    response.set("Content-Security-Policy", POLICY).type("html").send("<!doctype html><title>Console</title>");
  });
  const routes = recordingsRoutes({ recordings: store.recordings, journal: store, listeners: { note: async () => undefined } });
  return (await startApi(routes, { authenticate: async () => ADMIN, routers: [page] })).url;
}

describe.for(ENGINES)("in %s", (name) => {
  const why = whyNotInstalled(name);
  test.skipIf(why !== undefined)(
    "a recording plays from the place that is asked for, both sides where they belong",
    { timeout: 120_000 },
    async () => {
      const url = await recordedCall();
      const engine = await startEngine(name);
      onTestFinished(() => engine.close());
      const customer = await engine.newCustomer();
      const tab = await customer.open(url.replace(/\/api\/v1$/, "/page"));
      const played = await tab.call(
        async (source: string, at: number) => {
          const audio = new Audio();
          audio.muted = true;
          const once = (event: string) =>
            new Promise<void>((resolve, reject) => {
              audio.addEventListener(event, () => resolve(), { once: true });
              audio.addEventListener("error", () => reject(new Error(audio.error?.message ?? "It does not play.")), { once: true });
            });
          // As the console does: nothing is fetched before somebody listens.
          audio.preload = "none";
          audio.src = source;
          audio.addEventListener("loadedmetadata", () => (audio.currentTime = at), { once: true });
          const sought = once("seeked");
          await audio.play();
          await sought;
          const from = audio.currentTime;
          while (audio.currentTime < at + 0.3) await once("timeupdate");
          audio.pause();
          const context = new OfflineAudioContext(2, 1, 16_000);
          const decoded = await context.decodeAudioData(await (await fetch(source)).arrayBuffer());
          const loudness = (channel: number, second: number): number => {
            const part = decoded.getChannelData(channel).subarray(second * 16_000, (second + 1) * 16_000);
            return Math.round(1000 * Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length));
          };
          return {
            seconds: audio.duration,
            from,
            at: audio.currentTime,
            loudness: [0, 1].map((channel) => [1, 8, 18].map((second) => loudness(channel, second))),
          };
        },
        `${url}/conversations/${CONVERSATION}/recordings/voice-call-1.wav`,
        15,
      );
      expect(played.seconds).toBe(LENGTH_S);
      expect([played.from, played.at].every((at) => at >= 15 && at < LENGTH_S)).toBe(true);
      // 8,000 of 32,768, as a sine's mean.
      const loud = expect.closeTo(173, -1);
      expect(played.loudness).toEqual([
        [loud, 0, 0],
        [0, 0, loud],
      ]);
    },
  );
});
