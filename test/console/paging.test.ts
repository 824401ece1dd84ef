/** A long list comes page by page; a page that does not come is said, and asked for again when the person says so. */
import { expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { openConsole } from "./stage/tab.ts";

test("a page that is refused is said once above the rows that are there, which stay", async () => {
  const desk = await startDesk();
  for (let number = 1; number <= 120; number += 1) await desk.admin.api("POST", "/api-keys", { name: `Key ${number}`, roles: ["support"] });
  const page = await openConsole(desk, "/api-keys");
  const table = page.getByRole("grid");
  await table.getByText("Key 1", { exact: true }).waitFor();
  let asked = 0;
  let isDown = true;
  await page.route("**/api/v1/api-keys?*cursor=*", (route) => {
    asked += 1;
    const problem = { type: "about:blank", status: 429, code: "too-many-requests", title: "Too many requests." };
    return isDown ? route.fulfill({ status: 429, contentType: "application/problem+json", json: problem }) : route.continue();
  });
  await page.keyboard.press("End");
  await page.getByRole("alert").getByText("Too many requests.").waitFor();
  await expect.poll(() => page.evaluate(() => scrollY > 0)).toBe(true);
  await page.evaluate(() => scrollTo(0, 0));
  await table.getByText("Key 1", { exact: true }).waitFor();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(asked).toBe(1);
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  await expect
    .poll(async () => {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      return table.getByText("Key 99").count();
    })
    .toBe(1);
});
