import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { buildWorklet } from "../../../scripts/build-widget.ts";
import { voiceWeights } from "../../../scripts/voice-weights.ts";
import { readWidgetFiles } from "../../../server/http/widget/widget-files.ts";
import { widgetRoutes } from "../../../server/http/widget/widget-routes.ts";
import { bundleScript } from "../../support/bundle.ts";
import { strictPolicy } from "../../widget/embed/pages.ts";
import type { Microphone } from "../../../voice/capture/microphone.ts";
import type { Speaker } from "../../../voice/playback/speaker.ts";
import type * as Entry from "./entry.ts";

declare global {
  /** The exports of entry.ts, inside the page. */
  var voice: typeof Entry;
  /** Where the desk's files are. */
  var desk: { readonly workletUrl: string; readonly recorderUrl: string; readonly weightsUrl: string };

  // What tests keep in a page.
  var mic: Microphone;
  var pieces: { readonly samples: Float32Array; readonly capturedMs: number }[];
  var happened: string[];
  /** Every stream that the page was given, and every context that it made. */
  var streams: MediaStream[];
  var contexts: AudioContext[];
  var speaker: Speaker;
  var told: (readonly ["heard", number] | readonly ["speaking", boolean] | readonly ["state", string])[];
  /** What came to the destination: quanta by their place on the context's clock. */
  var recorded: { readonly frame: number; readonly samples: Float32Array }[];
  /** Half a second of a tone of 300 Hz at 24 kHz, as PCM. */
  var half: Uint8Array;
}

/** Hands every quantum that it is given to the page, with its place on the context's clock. */
const RECORDER = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([input]) {
    this.port.postMessage({ frame: currentFrame, samples: input[0]?.slice() ?? new Float32Array(128) });
    return true;
  }
});`;

/**
 * A site under the policy that the README gives, and a desk of another origin that has the files of calls, built and
 * sent as they are everywhere.
 */
export interface SoundSite {
  /** With what a call loads. */
  readonly url: string;
  /** The same where the browser gives no page a microphone: neither https nor this machine. */
  readonly insecureUrl: string;
  readonly close: () => Promise<void>;
}

/** `entry`: what the page has as `voice`. */
export async function openSoundSite(entry = new URL("entry.ts", import.meta.url)): Promise<SoundSite> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-sound-"));
  const [script, worklet, weights] = await Promise.all([bundleScript(entry, "voice"), buildWorklet(), voiceWeights()]);
  await mkdir(join(folder, "assets"));
  const files = { "frontdesk.js": script, [worklet.file]: worklet.contents, "assets/recorder.js": RECORDER, "assets/silero.bin": weights };
  await Promise.all(Object.entries(files).map(([file, contents]) => writeFile(join(folder, file), contents)));
  const desk = createServer(express().use(widgetRoutes(await readWidgetFiles(folder))));
  const deskUrl = await listen(desk);
  const urls = JSON.stringify({
    workletUrl: `${deskUrl}/${worklet.file}`,
    recorderUrl: `${deskUrl}/assets/recorder.js`,
    weightsUrl: `${deskUrl}/assets/silero.bin`,
  });
  const inline = `desk = ${urls};`;
  const policy = strictPolicy(deskUrl).replace(
    `script-src ${deskUrl}`,
    `script-src ${deskUrl} 'sha256-${createHash("sha256").update(inline).digest("base64")}'`,
  );
  const site = createServer((_request, response) => {
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><title>Sound</title><script>${inline}</script><script src="${deskUrl}/frontdesk.js"></script>`,
    );
  });
  const url = await listen(site);
  return {
    url,
    insecureUrl: url.replace("127.0.0.1", "site.example"),
    close: async () => {
      for (const server of [desk, site]) server.close().closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
