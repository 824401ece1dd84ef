/** A row that is added to a form has the cursor with the press itself: whoever types at once loses no key. */
import { expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test.each([
  ["/tools/http-tools/new", "Add parameter"],
  ["/tools/http-tools/new", "Add header"],
  ["/tools/http-tools/new", "Add: Headers about the customer"],
  ["/assistants/pots/identity", "Add a key"],
] as const)("%s: %s", async (address, name) => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, address);
  await settled(page);
  await page.evaluate(() => {
    for (const more of document.querySelectorAll("details")) more.open = true;
    // The next frame is as far away as on a machine that has much to do.
    globalThis.requestAnimationFrame = () => 0;
  });
  await page.getByRole("button", { name, exact: true }).click();
  await page.keyboard.type("page");
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe("page");
});

test("/assistants/pots/voice: an engine begins with its provider", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, "/assistants/pots/voice");
  await settled(page);
  await page.evaluate(() => (globalThis.requestAnimationFrame = () => 0));
  await page.getByRole("button", { name: "Add an engine that hears", exact: true }).click();
  await page.keyboard.type("Deep");
  expect(await page.evaluate(() => (document.activeElement as HTMLSelectElement).value)).toBe("deepgram");
});
