import { expect, test } from "vitest";
import { startIn } from "./stage/places.ts";
import { axeFaults, settled, tooWide } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test("look", async () => {
  const { desk, ids } = await startIn("few");
  const found: string[] = [];
  for (const [width, scheme] of [[1440, "light"], [1024, "light"], [390, "light"], [1440, "dark"], [390, "dark"]] as const) {
    const page = await openConsole(desk, "/account", { width, colorScheme: scheme });
    for (const [name, rest] of [["plain", ""], ["call", "?step=8"], ["approval", "?step=9"], ["trace", "?tab=trace"], ["details", "?tab=details"]] as const) {
      await page.goto(`${desk.url}/console/inbox/${ids.conversation}${rest}`);
      await settled(page);
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/tr-pics/${width}-${scheme}-${name}.png` });
      found.push(...(await axeFaults(page)).map((fault) => `${width} ${scheme} ${name} ${fault}`), ...(await tooWide(page)).map((fault) => `${width} ${name} ${fault}`));
    }
    if (width !== 390) {
      await page.getByRole("button", { name: "Show as customer" }).click();
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `/tmp/tr-pics/${width}-${scheme}-customer.png` });
    }
  }
  console.log([...new Set(found)].join("\n"));
  expect(found).toEqual([]);
}, 200_000);
