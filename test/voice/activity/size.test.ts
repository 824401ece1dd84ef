import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { voiceWeights } from "../../../scripts/voice-weights.ts";
import { describe as describeAsset } from "../../../scripts/widget-assets.ts";
import { bundleScript } from "../../support/bundle.ts";
import type * as Whole from "./whole.ts";

const script = await bundleScript(new URL("whole.ts", import.meta.url), "voice");

test("the weights and all that computes with them are no more than 250 kB", async () => {
  const [weights, code] = await Promise.all([describeAsset("weights", await voiceWeights()), describeAsset("code", script)]);
  console.log(`weights ${(weights.brotliBytes / 1000).toFixed(1)} kB, code ${(code.brotliBytes / 1000).toFixed(1)} kB (brotli)`);
  expect(weights.brotliBytes + code.brotliBytes).toBeLessThanOrEqual(250_000);
});

test("it runs where there is neither a page nor Node nor WebAssembly", async () => {
  const context = { WebAssembly: undefined, weights: await voiceWeights() };
  runInNewContext(`${script}\nthis.voice = voice;`, context);
  const { voice } = context as unknown as { readonly voice: typeof Whole };
  const activity = new voice.VoiceActivity(new voice.Silero(voice.readWeights(context.weights)));
  expect(activity.accept(new Float32Array(1600), 0)).toHaveLength(0);
});
