import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AudioFault } from "../../../voice/context/audio-fault.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openSoundBrowser, type SoundBrowser, type SoundPage, tone } from "../stage/sound-browser.ts";
import { openSoundSite, type SoundSite } from "../stage/sound-site.ts";

let site: SoundSite;
let browser: SoundBrowser;
beforeAll(async () => {
  site = await openSoundSite();
  browser = await openSoundBrowser(site, { heard: tone(440, 4000) });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Keeps what the page is given. */
function watch(): void {
  globalThis.pieces = [];
  globalThis.happened = [];
  globalThis.streams = [];
  globalThis.contexts = [];
  if (typeof MediaDevices === "undefined") return;
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function ask(constraints) {
    const stream = await getUserMedia.call(this, constraints);
    streams.push(stream);
    return stream;
  };
  globalThis.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      contexts.push(this);
    }
  };
}

/** Opens the page's microphone; returns the reason where it does not open. */
function openMicrophone({ page }: SoundPage, options: { readonly workletUrl?: string } = {}): Promise<string | undefined> {
  return page.evaluate(async ({ workletUrl = desk.workletUrl }) => {
    try {
      globalThis.mic = await voice.openMicrophone({
        workletUrl,
        onFrames: (samples, capturedMs) => pieces.push({ samples, capturedMs }),
        onState: (state) => happened.push(state),
        onEnd: (reason) => happened.push(`end ${reason}, ${streams.map(({ active }) => active).join()}`),
      });
      return undefined;
    } catch (error) {
      return (error as AudioFault).reason;
    }
  }, options);
}

const heardPieces = ({ page }: SoundPage): Promise<number> => page.evaluate(() => pieces.length);
const happenings = ({ page }: SoundPage): Promise<readonly string[]> => page.evaluate(() => happened);

describe("an open microphone", () => {
  test("gives pieces of 20 ms at 16 kHz, as they were captured, under the documented policy", async () => {
    const opened = await browser.open({ before: watch });
    expect(await openMicrophone(opened)).toBeUndefined();
    await waitFor(async () => (await heardPieces(opened)) > 60);
    const heard = await opened.page.evaluate(() => ({
      lengths: [...new Set(pieces.map(({ samples }) => samples.length))],
      times: pieces.map(({ capturedMs }) => capturedMs),
      rises: pieces.slice(10, 60).flatMap(({ samples }) => [...samples]),
      level: mic.level,
      label: streams[0]!.getAudioTracks()[0]!.label,
      cancelsEcho: mic.cancelsEcho,
    }));
    expect(heard.lengths).toEqual([320]);
    for (const [index, time] of heard.times.entries()) expect(time - heard.times[0]!).toBeCloseTo(20 * index, 6);
    // One second of 440 Hz.
    const rises = heard.rises.filter((sample, index) => index > 0 && heard.rises[index - 1]! < 0 && sample >= 0);
    expect(rises.length).toBeGreaterThan(435);
    expect(rises.length).toBeLessThan(445);
    expect(heard.level).toBeGreaterThan(0.3);
    expect(heard).toMatchObject({ label: "Fake Default Audio Input", cancelsEcho: true });
    expect(opened.troubles).toEqual([]);
  });

  test("ends every track before stop() returns, and gives nothing more", async () => {
    const opened = await browser.open({ before: watch });
    await openMicrophone(opened);
    await waitFor(() => heardPieces(opened));
    const after = await opened.page.evaluate(() => {
      mic.stop();
      return [streams.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState)), pieces.length] as const;
    });
    expect(after[0]).toEqual(["ended"]);
    await waitFor(() => opened.page.evaluate(() => contexts.every(({ state }) => state === "closed")));
    expect(await heardPieces(opened)).toBe(after[1]);
    expect(await happenings(opened)).not.toContainEqual(expect.stringContaining("end"));
  });

  test("hands on nothing while it is muted, and its track is off", async () => {
    const opened = await browser.open({ before: watch });
    await openMicrophone(opened);
    await waitFor(() => heardPieces(opened));
    const muted = await opened.page.evaluate(() => {
      mic.muted = true;
      return [pieces.length, streams[0]!.getAudioTracks()[0]!.enabled, mic.level];
    });
    const frames = await opened.page.evaluate(() => contexts[0]!.currentTime);
    await waitFor(() => opened.page.evaluate((since) => contexts[0]!.currentTime > since + 0.2, frames));
    expect([await heardPieces(opened), muted[1], muted[2]]).toEqual([muted[0], false, 0]);
    await opened.page.evaluate(() => (mic.muted = false));
    await waitFor(async () => (await heardPieces(opened)) > Number(muted[0]));
  });

  test("can be another one, and is the default again if that goes", async () => {
    const opened = await browser.open({ before: watch });
    await openMicrophone(opened);
    const { microphones } = await opened.page.evaluate(() => voice.listDevices());
    expect(microphones.map(({ label }) => label)).toEqual(["Fake Audio Input 1", "Fake Audio Input 2"]);
    await opened.page.evaluate((id) => mic.setDevice(id), microphones[1]!.id);
    expect(await opened.page.evaluate(() => [streams.at(-1)!.getAudioTracks()[0]!.label, streams.map(({ active }) => active)])).toEqual([
      "Fake Audio Input 2",
      [false, true],
    ]);
    // It goes without a word to its track.
    await opened.page.evaluate((gone) => {
      const { enumerateDevices, getUserMedia } = navigator.mediaDevices;
      navigator.mediaDevices.enumerateDevices = async () =>
        (await enumerateDevices.call(navigator.mediaDevices)).filter(({ deviceId }) => deviceId !== gone);
      navigator.mediaDevices.getUserMedia = () => getUserMedia.call(navigator.mediaDevices, { audio: true });
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    }, microphones[1]!.id);
    await waitFor(() => opened.page.evaluate(() => streams.at(-1)!.getAudioTracks()[0]!.label === "Fake Default Audio Input"));
    const count = await heardPieces(opened);
    await waitFor(async () => (await heardPieces(opened)) > count + 10);
    const times = await opened.page.evaluate(() => pieces.map(({ capturedMs }) => capturedMs));
    expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true);
  });

  test("goes on in a new context after a telephone call, without asking again", async () => {
    const opened = await browser.open({ before: watch });
    await openMicrophone(opened);
    await waitFor(() => heardPieces(opened));
    const become = (state: string): Promise<void> =>
      opened.page.evaluate((now) => {
        Object.defineProperty(contexts[0], "state", { value: now, configurable: true });
        contexts[0]!.dispatchEvent(new Event("statechange"));
      }, state);
    await become("interrupted");
    expect(await happenings(opened)).toEqual(["running", "interrupted"]);
    const count = await heardPieces(opened);
    await become("running");
    await waitFor(async () => (await heardPieces(opened)) > count + 10);
    expect(await opened.page.evaluate(() => [contexts.length, streams.length])).toEqual([2, 1]);
    expect((await happenings(opened)).at(-1)).toBe("running");
  });
});

describe("a microphone that does not open", () => {
  test("was denied", async () => {
    const wary = await openSoundBrowser(site, { denied: true });
    try {
      expect(await openMicrophone(await wary.open({ before: watch }))).toBe("denied");
    } finally {
      await wary.close();
    }
  });

  test.each([
    ["is not there", "NotFoundError", "no-microphone"],
    ["belongs to another program", "NotReadableError", "busy"],
    ["is not allowed by the page's own policy", "SecurityError", "denied"],
  ])("%s", async (_why, name, reason) => {
    const opened = await browser.open({ before: watch });
    await opened.page.evaluate((error) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", error));
    }, name);
    expect(await openMicrophone(opened)).toBe(reason);
  });

  test("is of an insecure page, or of a browser without worklets", async () => {
    expect(await openMicrophone(await browser.open({ secure: false, before: watch }))).toBe("insecure");
    const old = await browser.open({ before: () => Reflect.deleteProperty(globalThis, "AudioWorkletNode") });
    expect(await openMicrophone(old)).toBe("unsupported");
  });

  test("has no worklet: its track is ended", async () => {
    const opened = await browser.open({ before: watch });
    expect(await openMicrophone(opened, { workletUrl: `${site.url}/none.js` })).toBe("not-loaded");
    expect(await opened.page.evaluate(() => streams.map(({ active }) => active))).toEqual([false]);
  });

  test("was given up while the browser still asked: a track that comes late is ended at once", async () => {
    const opened = await browser.open({ before: watch });
    const outcome = await opened.page.evaluate(async () => {
      const giving = Promise.withResolvers<undefined>();
      const { getUserMedia } = navigator.mediaDevices;
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        await giving.promise;
        return getUserMedia.call(navigator.mediaDevices, constraints);
      };
      const end = new AbortController();
      const opening = voice.openMicrophone({ workletUrl: desk.workletUrl, signal: end.signal, onFrames: () => 0, onEnd: () => 0 });
      end.abort();
      giving.resolve(undefined);
      const error = await opening.catch((fault: unknown) => fault);
      return [(error as Error).name, streams.map(({ active }) => active)];
    });
    expect(outcome).toEqual(["AbortError", [false]]);
  });
});

describe("a microphone ends", () => {
  test("where the customer takes the permission back", async () => {
    const opened = await browser.open({ before: watch });
    await opened.context.grantPermissions(["microphone"]);
    await openMicrophone(opened);
    await waitFor(() => heardPieces(opened));
    await opened.context.clearPermissions();
    await waitFor(async () => (await happenings(opened)).includes("end withdrawn, false"));
  });

  test("where it is lost and there is no other", async () => {
    const opened = await browser.open({ before: watch });
    await openMicrophone(opened);
    await opened.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
      navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
      const [track] = streams[0]!.getAudioTracks();
      track!.stop();
      track!.dispatchEvent(new Event("ended"));
    });
    await waitFor(async () => (await happenings(opened)).includes("end lost, false"));
  });
});

test("a microphone that gives nothing but zeros for 2 s is silent, until it gives something", async () => {
  const heard = new Float32Array(48 * 6000);
  heard.set(tone(440, 1500));
  const other = await openSoundBrowser(site, { heard });
  try {
    const opened = await other.open({ before: watch });
    await openMicrophone(opened);
    await waitFor(async () => (await happenings(opened)).join().includes("silent,running"));
    expect(await opened.page.evaluate(() => streams.map(({ active }) => active))).toEqual([true]);
  } finally {
    await other.close();
  }
});
