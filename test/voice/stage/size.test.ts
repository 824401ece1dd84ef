import { expect, test } from "vitest";
import { buildWorklet } from "../../../scripts/build-widget.ts";
import { describe as describeAsset } from "../../../scripts/widget-assets.ts";
import { bundleScript } from "../../support/bundle.ts";

test("all that hears, captures and plays is no more than 25 kB, the worklet among it", async () => {
  const [code, worklet] = await Promise.all([
    bundleScript(new URL("entry.ts", import.meta.url), "voice").then((script) => describeAsset("code", script)),
    buildWorklet(),
  ]);
  console.log(`code ${(code.brotliBytes / 1000).toFixed(1)} kB, worklet ${(worklet.brotliBytes / 1000).toFixed(1)} kB (brotli)`);
  expect(code.brotliBytes + worklet.brotliBytes).toBeLessThanOrEqual(25_000);
});
