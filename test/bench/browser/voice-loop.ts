/**
 * From the microphone of a real Chromium to the engine in the server, and from the first frame of an answer to that
 * page's output by its timestamp, with the widget's own capture and playback. The microphone is the one that the
 * browser makes up, and no device is behind the output: what theirs take is not in it.
 */
import { launchBrowser } from "../../support/browser.ts";
import { openSoundSite } from "../../voice/stage/sound-site.ts";
import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import { startEcho, startVoiceProcess, voiceToken } from "../server/voice-peers.ts";
import type * as Page from "./voice-loop-page.ts";

export async function benchVoiceLoop({ fast }: BenchOptions): Promise<readonly Figure[]> {
  const site = await openSoundSite(new URL("voice-loop-page.ts", import.meta.url));
  const server = await startVoiceProcess({ origin: site.url, answer: "Your order left us on Monday." });
  const echo = await startEcho();
  const browser = await launchBrowser([
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
  ]);
  try {
    // The sockets go elsewhere than the page's policy allows.
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    await page.goto(site.url);
    const { token, voiceUrl, close } = await voiceToken(server.port, site.url, "loop");
    const asked = { voiceUrl, token, echoUrl: echo.url, turns: fast ? 3 : 20 };
    const seen = await page.evaluate(async (ask) => {
      const { talk } = globalThis.voice as unknown as typeof Page;
      return talk({ ...ask, workletUrl: desk.workletUrl });
    }, asked);
    close();
    return figuresOf(seen, await server.times());
  } finally {
    await browser.close();
    echo.close();
    server.close();
    await site.close();
  }
}

function figuresOf(
  { captured, out, deviceMs, echoMs }: Page.LoopSeen,
  { arrived, sent }: { readonly arrived: readonly number[]; readonly sent: readonly number[] },
): readonly Figure[] {
  if (captured.length !== arrived.length || out.length !== sent.length || out.length === 0)
    throw new Error(`${captured.length} frames, ${arrived.length} came; ${sent.length} answers, ${out.length} were heard.`);
  const up = median(arrived.map((at, index) => at - captured[index]!));
  const down = median(out.map((at, index) => at - sent[index]!));
  const name = "a page in Chromium: from capture to the server's engine, and from its first frame to the output";
  return [
    { name: `${name}; floor a bare ws echo of that page`, value: up + down, unit: "ms", floor: median(echoMs), budget: 80 },
    { name: "of it, from capture to the engine that hears", value: up, unit: "ms" },
    { name: "of it, from the server's first frame to the output", value: down, unit: "ms" },
    { name: "of that, the output's latency as the browser tells it", value: median(deviceMs), unit: "ms" },
  ];
}
