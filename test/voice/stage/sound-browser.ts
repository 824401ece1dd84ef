import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { wavOf } from "../../../server/speech/wires/wav.ts";
import { toPcm16 } from "../../../voice/activity/pcm16.ts";
import { launchBrowser } from "../../support/browser.ts";
import { PATIENCE_MS } from "../../support/wait-for.ts";
import type { SoundSite } from "./sound-site.ts";

/** Chromium whose microphones are made up. */
export interface SoundBrowser {
  /** A page of the site. */
  readonly open: (options?: PageOptions) => Promise<SoundPage>;
  readonly close: () => Promise<void>;
}

interface PageOptions {
  readonly secure?: boolean;
  /** Runs before everything else in the page. */
  readonly before?: () => void;
}

export interface SoundPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page, and what its policy refused. */
  readonly troubles: readonly string[];
  /** What the test's own script logged. */
  readonly said: readonly string[];
}

interface BrowserOptions {
  /** What the microphone hears, again and again, at 48 kHz; without it, the browser's own beeps. */
  readonly heard?: Float32Array;
  /** The customer allows no microphone. */
  readonly denied?: boolean;
  /** Pages may make no sound before somebody presses. */
  readonly strict?: boolean;
}

/** Starts it; whoever starts it closes it. */
export async function openSoundBrowser(
  site: SoundSite,
  { heard, denied = false, strict = false }: BrowserOptions = {},
): Promise<SoundBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-heard-"));
  const file = join(folder, "heard.wav");
  if (heard !== undefined) await writeFile(file, wavOf(toPcm16(heard), 48_000));
  const browser: Browser = await launchBrowser([
    "--use-fake-device-for-media-stream",
    `--use-fake-ui-for-media-stream${denied ? "=deny" : ""}`,
    "--host-resolver-rules=MAP site.example 127.0.0.1",
    `--autoplay-policy=${strict ? "document-user-activation-required" : "no-user-gesture-required"}`,
    ...(heard === undefined ? [] : [`--use-file-for-fake-audio-capture=${file}`]),
  ]);
  return {
    open: async ({ secure = true, before } = {}) => {
      const context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE_MS);
      const troubles: string[] = [];
      const said: string[] = [];
      context.on("weberror", (error) => troubles.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() === "error") troubles.push(message.text());
        if (message.type() === "log") said.push(message.text());
      });
      const page = await context.newPage();
      if (before !== undefined) await page.addInitScript(before);
      await page.goto(secure ? site.url : site.insecureUrl);
      return { page, context, troubles, said };
    },
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A tone at 48 kHz. */
export function tone(hertz: number, ms: number, loudness = 0.3): Float32Array {
  return Float32Array.from({ length: 48 * ms }, (_, index) => loudness * Math.sin((2 * Math.PI * hertz * index) / 48_000));
}
