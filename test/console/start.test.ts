/** What the browser fetches first, and what is read when a part of it does not come. */
import { expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { openConsole, openTab } from "./stage/tab.ts";

const fetched = (page: Awaited<ReturnType<typeof openTab>>) =>
  page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname.replace(/-[\w-]{8}\.js$/, "")));

test("a session is asked for side by side with the shell, once; nobody's page fetches neither", async () => {
  const desk = await startDesk();
  const inside = await openConsole(desk, "/");
  await inside.getByRole("heading", { name: "Home" }).waitFor();
  const first = await fetched(inside);
  expect(first.filter((path) => path === "/api/v1/me")).toHaveLength(1);
  // Both began before the entry ran.
  const { said, entry } = await inside.evaluate(() => {
    const began = (part: string) => performance.getEntriesByType("resource").find(({ name }) => name.includes(part))!;
    return { said: began("/api/v1/me").startTime, entry: (began("/assets/main") as PerformanceResourceTiming).responseEnd };
  });
  expect(said).toBeLessThan(entry);
  expect(await inside.locator('link[rel="modulepreload"][href*="console-shell"]').count()).toBe(1);

  const outside = await openTab(`${desk.url}/console`);
  await outside.getByLabel("Email").waitFor();
  expect((await fetched(outside)).join(" ")).not.toContain("console-shell");
});

test("a screen's own files are asked for with the page, at any address of it, and no other's", async () => {
  const desk = await startDesk();
  for (const [path, file] of [
    ["/", "home-screen"],
    ["/people/groups", "people-screen"],
    ["/people/groups/", "people-screen"],
    ["/assistants/-new", "new-assistant"],
    ["/assistants/desk/look", "assistant-screen"],
  ] as const) {
    const page = await openConsole(desk, path);
    const preloaded = await page
      .locator('link[rel="modulepreload"]')
      .evaluateAll((links) => (links as HTMLLinkElement[]).map(({ href }) => new URL(href).pathname.replace(/^.*\/|-[\w-]{8}\.js$/g, "")));
    expect(
      preloaded.filter((name) => name.endsWith("-screen") || name === "new-assistant"),
      path,
    ).toEqual([file]);
  }
});

test("a shell that does not come is said in words, and can be loaded again", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  let isLost = true;
  await page.route("**/assets/console-shell*", (route) => (isLost ? route.fulfill({ status: 404 }) : route.continue()));
  await page.reload();
  await page.getByRole("alert").getByText("This page could not be loaded.").waitFor();
  isLost = false;
  await page.getByRole("button", { name: "Load again" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
});
