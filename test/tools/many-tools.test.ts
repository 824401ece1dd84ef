import { expect, it } from "vitest";
import { benchManyTools } from "../bench/many-tools.ts";

it("opens a conversation with fifty servers of forty tools in a small part of the time that it may take", async () => {
  const [warm] = await benchManyTools({ fast: true });
  process.stdout.write(`${warm?.name}: ${warm?.value.toFixed(2)} ms (floor ${warm?.floor?.toFixed(2)} ms)\n`);
  expect(warm?.value).toBeLessThan(50);
});
