/** What a call needs of a browser, in the engines beside Chromium. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wavOf } from "../../../server/speech/wires/wav.ts";
import { toPcm16 } from "../../../voice/activity/pcm16.ts";
import type { AudioFault } from "../../../voice/context/audio-fault.ts";
import type { Customer, Engine, Tab } from "../../engines/engine.ts";
import { whyNotInstalled } from "../../engines/installed-engines.ts";
import { startEngine } from "../../engines/start-engine.ts";
import { findSoundRoom, NO_SOUND_ROOM, type SoundRoom, startSoundRoom } from "../../support/sound-room.ts";
import { waitFor } from "../../support/wait-for.ts";
import { tone } from "./sound-browser.ts";
import { openSoundSite, type SoundSite } from "./sound-site.ts";

let site: SoundSite;
beforeAll(async () => {
  site = await openSoundSite();
});
afterAll(() => site?.close());

/** Why the microphone does not open. */
const refusal = (tab: Tab): Promise<string | undefined> =>
  tab.call(() =>
    voice.openMicrophone({ workletUrl: desk.workletUrl, onFrames: () => 0, onEnd: () => 0 }).then(
      (microphone) => microphone.stop() as undefined,
      (error: unknown) => (error as AudioFault).reason,
    ),
  );

const programs = findSoundRoom();
const noFirefox = whyNotInstalled("firefox") ?? (programs === undefined ? NO_SOUND_ROOM : undefined);
if (noFirefox !== undefined) console.log(`Sound in Firefox is skipped: ${noFirefox}`);

describe.skipIf(noFirefox !== undefined)("in Firefox, in a room with a loudspeaker and a microphone", () => {
  let room: SoundRoom;
  let firefox: Engine;
  let customer: Customer;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "frontdesk-said-"));
    file = join(folder, "tone.wav");
    await writeFile(file, wavOf(toPcm16(tone(440, 1000)), 48_000));
    room = await startSoundRoom(programs!);
    firefox = await startEngine("firefox", {
      preferences: {
        "media.autoplay.default": 0,
        // Its process for sound may not open the room's socket.
        "media.cubeb.sandbox": false,
        "media.navigator.permission.disabled": true,
        "network.dns.localDomains": "site.example",
      },
      environment: { PULSE_SERVER: room.server },
    });
    customer = await firefox.newCustomer();
  });
  afterAll(async () => {
    await firefox?.close();
    await room?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("somebody in the room is heard in pieces of 20 ms at 16 kHz", async () => {
    const tab = await customer.open(site.url);
    await tab.call(async () => {
      Object.assign(globalThis, { pieces: [] });
      globalThis.mic = await voice.openMicrophone({
        workletUrl: desk.workletUrl,
        onFrames: (samples, capturedMs) => pieces.push({ samples, capturedMs }),
        onEnd: () => 0,
      });
    });
    const loudest = (): Promise<number> => tab.call(() => Math.max(...pieces.map(({ samples }) => Math.max(...samples))));
    await waitFor(() => tab.call(() => pieces.length > 10));
    await room.say(file);
    await waitFor(async () => (await loudest()) > 0.01);
    const heard = await tab.call(() => {
      mic.stop();
      return {
        lengths: [...new Set(pieces.map(({ samples }) => samples.length))],
        gaps: [...new Set(pieces.slice(1).map(({ capturedMs }, index) => Math.round(capturedMs - pieces[index]!.capturedMs)))],
      };
    });
    expect(heard).toEqual({ lengths: [320], gaps: [20] });
    expect(await customer.troubles()).toEqual([]);
  });

  test("a piece is played, and how far it was heard is known", async () => {
    const tab = await customer.open(site.url);
    await tab.call(async () => {
      Object.assign(globalThis, { told: [] });
      globalThis.speaker = await voice.openSpeaker({
        workletUrl: desk.workletUrl,
        onHeard: (untilMs) => told.push(["heard", untilMs]),
        onSpeaking: (isSpeaking) => told.push(["speaking", isSpeaking]),
      });
      speaker.play(new Uint8Array(48_000), 24_000, 3000);
      speaker.end(4000);
    });
    await waitFor(() => tab.call(() => told.some(([, value]) => value === false)));
    const [said, untilMs] = await tab.call(async () => [told, await speaker.flush()] as const);
    const places = said.flatMap(([what, value]) => (what === "heard" ? [value] : []));
    expect(places.length).toBeGreaterThan(2);
    expect(places[0]).toBeGreaterThan(3000);
    expect([places.at(-1), untilMs]).toEqual([4000, 4000]);
    expect(await customer.troubles()).toEqual([]);
  });

  test("a page that is not secure is told so", async () => {
    expect(await refusal(await customer.open(site.insecureUrl))).toBe("insecure");
  });
});

const noWebKit = whyNotInstalled("webkit");
if (noWebKit !== undefined) console.log(`Sound in WebKit is skipped: ${noWebKit}`);

test.skipIf(noWebKit !== undefined)("in WebKit without a microphone, that is what it says, and the loudspeaker opens", async () => {
  const webkit = await startEngine("webkit");
  try {
    const customer = await webkit.newCustomer();
    const tab = await customer.open(site.url);
    expect(await refusal(tab)).toBe("no-microphone");
    const opened = await tab.call(async () => {
      const speaker = await voice.openSpeaker({ workletUrl: desk.workletUrl, onHeard: () => 0, onSpeaking: () => 0 });
      speaker.close();
      return speaker.stats();
    });
    expect(opened).toEqual({ underruns: 0, underrunMs: 0, bufferMs: 0, outputLatencyMs: 0 });
    expect(await customer.troubles()).toEqual([]);
  } finally {
    await webkit.close();
  }
});
