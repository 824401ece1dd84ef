import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { buildWidget } from "../../../scripts/build-widget.ts";
import { wavOf } from "../../../server/speech/wires/wav.ts";
import type { VoiceOffer } from "../../../protocol/frames.ts";
import { toPcm16 } from "../../../voice/activity/pcm16.ts";
import { launchBrowser } from "../../support/browser.ts";
import { PATIENCE_MS } from "../../support/wait-for.ts";
import { Pages } from "../embed/pages.ts";
import { VoiceDesk } from "./voice-desk.ts";

declare global {
  /** Every stream that the page was given. */
  var streams: MediaStream[];
}

const SITE = `<!doctype html><html lang="en"><head><title>Lamps</title></head><body><h1>Lamps</h1>
<script async src="{desk}/frontdesk.js" data-assistant="shop"></script></body></html>`;

/** Built once for all tests of a file. */
let widget: Promise<string> | undefined;

async function builtWidget(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-widget-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await buildWidget(folder);
  return folder;
}

/** The widget as it is built, a site under the policy of the README, and Chromium with a microphone that is made up. */
export class CallBrowser {
  readonly #browser: Browser;
  readonly #sounds: string;
  readonly #isAllowed: boolean;
  /** The widget's files. */
  readonly folder: string;

  private constructor(browser: Browser, folders: { readonly sounds: string; readonly widget: string }, isAllowed: boolean) {
    this.#browser = browser;
    this.#sounds = folders.sounds;
    this.folder = folders.widget;
    this.#isAllowed = isAllowed;
  }

  /** @param heard what the microphone hears, again and again, at 16 kHz; without it, the browser's own beeps */
  static async open({ heard, isAllowed = true }: { heard?: Float32Array; isAllowed?: boolean } = {}): Promise<CallBrowser> {
    const sounds = await mkdtemp(join(tmpdir(), "frontdesk-heard-"));
    const file = join(sounds, "heard.wav");
    if (heard !== undefined) await writeFile(file, wavOf(toPcm16(heard), 16_000));
    const browser = await launchBrowser([
      "--use-fake-device-for-media-stream",
      `--use-fake-ui-for-media-stream${isAllowed ? "" : "=deny"}`,
      ...(heard === undefined ? [] : [`--use-file-for-fake-audio-capture=${file}`]),
    ]);
    return new CallBrowser(browser, { sounds, widget: await (widget ??= builtWidget()) }, isAllowed);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#sounds, { recursive: true, force: true });
  }

  /** A site with a chat whose assistant can be called. `isKnown`: the browser says that the microphone is allowed. */
  async visit(offer: Partial<VoiceOffer> = {}, isKnown = this.#isAllowed): Promise<Visit> {
    const pages = new Pages(this.folder);
    await pages.start();
    const desk = new VoiceDesk(pages, offer);
    return Object.assign(await this.visitDesk(pages, isKnown), { desk });
  }

  /** The same with whatever desk `pages` names. */
  async visitDesk(pages: Pages, isKnown = this.#isAllowed): Promise<Visit> {
    // What `permissions.query` says; whether it is so is said by the browser's flags.
    const context = await this.#browser.newContext({ permissions: isKnown ? ["microphone"] : [] });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(() => {
      globalThis.streams = [];
      const { getUserMedia } = MediaDevices.prototype;
      MediaDevices.prototype.getUserMedia = async function ask(constraints) {
        const stream = await getUserMedia.call(this, constraints);
        globalThis.streams.push(stream);
        return stream;
      };
    });
    return new Visit(context, pages).begin();
  }
}

export class Visit {
  readonly context: BrowserContext;
  readonly pages: Pages;
  desk!: VoiceDesk;
  /** Errors of the page, and what its policy refused. */
  readonly complaints: string[] = [];
  page!: Page;

  constructor(context: BrowserContext, pages: Pages) {
    this.context = context;
    this.pages = pages;
  }

  async begin(): Promise<this> {
    this.page = await this.tab();
    return this;
  }

  /** Another tab of the same site. */
  async tab(): Promise<Page> {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    await page.goto(this.pages.page("/", SITE));
    return page;
  }

  async end(): Promise<void> {
    await this.context.close();
    await this.pages.stop();
  }

  button(name: string, page = this.page) {
    return page.getByRole("button", { name, exact: true });
  }

  bar(page = this.page) {
    return page.getByRole("region", { name: "Voice call" });
  }

  async openChat(page = this.page): Promise<void> {
    await this.button("Open chat", page).click();
    await this.button("Start call", page).waitFor();
  }

  /** The states of all tracks that the page was ever given. */
  tracks(page = this.page): Promise<readonly string[]> {
    return page.evaluate(() => streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState)));
  }

  /** Does something in the page, and looks at the tracks in the same task. */
  tracksRightAfter(label: string): Promise<readonly string[]> {
    return this.page.evaluate((name) => {
      const root = document.querySelector("front-desk")!.shadowRoot!;
      const button = [...root.querySelectorAll("button")].find((one) => one.ariaLabel === name);
      if (button === undefined) throw new Error(`There is no button "${name}".`);
      button.click();
      return streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState));
    }, label);
  }
}
