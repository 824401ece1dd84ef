/** What is typed, or made, is not lost: not while something is saved, and not when an answer is. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { openConsole } from "./stage/tab.ts";

/** The next such request is answered once `release` is called. */
async function held(page: Page, method: string, path: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() === method) await promise;
    await route.continue();
  });
  return resolve;
}

test("what is typed while a draft is saved stays, as a change of what was saved", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, "/assistants/pots");
  await page.getByLabel("Instructions").fill("You sell pans.");
  await page.getByLabel("Greeting").fill("Hello");
  const release = await held(page, "PATCH", "/assistants/pots/draft");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("Instructions").fill("You sell pans and lids.");
  await page.getByLabel("Greeting").fill("");
  release();
  await page.getByText("Draft: 2 changes not published").waitFor();
  expect(await page.getByLabel("Instructions").inputValue()).toBe("You sell pans and lids.");
  expect(await page.getByLabel("Greeting").inputValue()).toBe("");
  expect(await page.getByText("Now saved:").count()).toBe(0);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Draft: 1 change not published").waitFor();
  expect(await desk.admin.api("GET", "/assistants/pots/draft")).toMatchObject({ settings: { prompt: "You sell pans and lids." } });
});

test("what is typed into a person's page while it is saved stays too", async () => {
  const desk = await startDesk();
  const { id } = await desk.person("Grace", ["owner"]);
  const page = await openConsole(desk, `/people/${id}`);
  await page.getByLabel("Name").fill("Grace H");
  const release = await held(page, "PATCH", `/people/${id}`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("Name").fill("Grace Hopper");
  release();
  await expect.poll(async () => (await desk.admin.api("GET", `/people/${id}`))["name"]).toBe("Grace H");
  await page.getByRole("heading", { name: "Grace H" }).waitFor();
  expect(await page.getByLabel("Name").inputValue()).toBe("Grace Hopper");
});

test("going back to a version takes nothing from what is typed and in no draft", async () => {
  const desk = await startDesk();
  await makePots(desk);
  await desk.admin.api("PATCH", "/assistants/pots", { prompt: "You sell pans." }, await desk.admin.versionOf("/assistants/pots"));
  const page = await openConsole(desk, "/assistants/pots");
  await page.getByLabel("Greeting").fill("Half typed");
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("link", { name: "Version 1" }).click();
  await page.getByRole("button", { name: "Go back to this version" }).click();
  await page.locator("dialog").getByRole("button", { name: "Go back to this version" }).click();
  await expect.poll(async () => (await desk.admin.api("GET", "/assistants/pots"))["version"]).toBe(3);
  await page.getByRole("tab", { name: "Setup" }).click();
  expect(await page.getByLabel("Greeting").inputValue()).toBe("Half typed");
  expect(await page.getByLabel("Instructions").inputValue()).toBe("You sell pots.");
});

test("what was made and never answered is made once, however often it is pressed", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/people/groups");
  await page.route("**/api/v1/groups", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    // As the page of a Wi-Fi that wants a sign-in.
    await route.fulfill({ status: 200, contentType: "text/html", body: "<p>Welcome</p>" });
  });
  await page.getByRole("button", { name: "New group" }).first().click();
  await page.locator("dialog").getByLabel("Name").fill("Night shift");
  const make = page.locator("dialog").getByRole("button", { name: "Make the group" });
  await make.click();
  await page.getByText("The server cannot be reached.").waitFor();
  await page.unroute("**/api/v1/groups");
  await make.click();
  await page.getByRole("heading", { name: "Night shift" }).waitFor();
  const { items } = await desk.admin.api<{ items: unknown[] }>("GET", "/groups");
  expect(items).toHaveLength(1);
});
