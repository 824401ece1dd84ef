import { existsSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "./stage.ts";
import { keepPictures, README_PICTURE, README_PICTURE_FILE, takePictures } from "./take-screenshots.ts";

const LARGEST_BYTES = 400_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ orders: "demo" });
});
afterAll(() => stage.close());

/** Width and height, as the head of a PNG has them. */
function sizeOf(png: Buffer): readonly [number, number] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test("the README's picture is one of the demo, of the right size, and can be taken again", async () => {
  const pictures = await takePictures(stage, [README_PICTURE]);
  await keepPictures(pictures, process.env["UPDATE_SCREENSHOT"] === "1");
  const picture = pictures.get(README_PICTURE) ?? Buffer.alloc(0);
  expect(sizeOf(picture)).toEqual([2560, 1600]);
  expect(existsSync(README_PICTURE_FILE)).toBe(true);
  expect(sizeOf(readFileSync(README_PICTURE_FILE))).toEqual([2560, 1600]);
  expect(statSync(README_PICTURE_FILE).size).toBeLessThan(LARGEST_BYTES);
});
