/** From the link of the first start to an answer on a page of one's own. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { focused, reach, typing } from "./by-keyboard.ts";
import { openNewDesk } from "./new-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The names of the steps, as the list of them says whether they are done. */
async function doneSteps(page: Page): Promise<readonly string[]> {
  const links = await page.getByRole("navigation", { name: "Steps" }).getByRole("link").allTextContents();
  return links.map((text) => text.replaceAll(/\s+/g, " ").trim()).flatMap((text) => (text.endsWith(", done") ? [text.slice(0, -6)] : []));
}

/** Somebody whose clicks, filled fields and opened pages are counted. */
function counting(page: Page) {
  const counted = { actions: 0 };
  return {
    counted,
    open: async (url: string) => ((counted.actions += 1), page.goto(url)),
    press: async (target: Locator) => ((counted.actions += 1), target.click()),
    fill: async (target: Locator, text: string) => ((counted.actions += 1), target.fill(text)),
    choose: async (target: Locator, value: string) => ((counted.actions += 1), target.selectOption(value)),
  };
}

const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });

test("in fewer than twenty actions, a new installation answers on a page of one's own", async () => {
  const desk = await openNewDesk(browser);
  const { page, faults } = await desk.open();
  const { counted, open, press, fill, choose } = counting(page);

  await open(desk.setupUrl);
  await fill(page.getByLabel("Name"), "Ada Lovelace");
  await fill(page.getByLabel("Email"), "ada@desk.example");
  await fill(page.getByLabel("Password"), "a long enough password");
  await press(button(page, "Make the first admin"));

  await page.getByRole("heading", { name: "Make an assistant" }).waitFor();
  await fill(page.getByLabel("Name", { exact: true }), "Lull");
  await fill(page.getByLabel("What is it for?"), "Say where an order is.");
  await choose(page.getByLabel("Provider"), "openai-compatible");
  await fill(page.getByLabel("Model", { exact: true }), "scripted");
  await fill(page.getByLabel("Address of the API"), desk.modelUrl);
  expect(await doneSteps(page)).toEqual([]);
  await press(button(page, "Make the assistant"));

  await page.getByRole("heading", { name: "Connect a server" }).waitFor();
  await fill(page.getByRole("textbox", { name: "Address", exact: true }), desk.ordersUrl);
  await press(button(page, "Connect"));
  await page.getByRole("heading", { name: "Lull orders: Connected" }).waitFor();
  const tools = await page.locator(".tool-lines li").allTextContents();
  expect(tools.map((text) => text.trim())).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Look up order\s*always allowed$/),
      expect.stringMatching(/^Refund order\s*asks first$/),
    ]),
  );
  await expect.poll(() => doneSteps(page)).toEqual(["Make an assistant", "Connect a server"]);

  await press(page.getByRole("link", { name: "Put it on your site" }));
  await fill(page.getByLabel("Add a website"), desk.siteUrl);
  await press(button(page, "Allow"));
  await page.getByText("may have the chat now.").waitFor();
  desk.paste((await page.getByRole("textbox", { name: "The tag", exact: true }).textContent()) ?? "");

  const own = await page.context().newPage();
  counted.actions += 1;
  await own.goto(desk.siteUrl);
  await press(own.getByRole("button", { name: /chat/i }));
  await fill(own.getByRole("textbox"), "Where is order 1042?");
  await own.keyboard.press("Enter");
  await own.getByText("on its way", { exact: true }).waitFor();
  expect(counted.actions).toBeLessThan(20);

  await page.bringToFront();
  await page.getByText(`${desk.siteUrl} has the chat`).waitFor();
  await expect.poll(() => doneSteps(page)).toEqual(["Make an assistant", "Connect a server", "Put it on your site"]);
  await tryItHere(page);
  await inviteSomebody(page);
  await expect.poll(() => doneSteps(page)).toHaveLength(5);
  await page.getByText("All steps are done").waitFor();
  await page.reload();
  await expect.poll(() => doneSteps(page)).toHaveLength(5);
  await page.getByRole("link", { name: "Home" }).first().click();
  await page.getByRole("heading", { name: "Assistants" }).waitFor();
  expect(await page.getByRole("heading", { name: "First steps" }).count()).toBe(0);
  expect(faults).toEqual([]);
});

async function tryItHere(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Try it here" }).click();
  const chat = page.frameLocator("iframe").getByRole("textbox");
  await chat.fill("Refund order 1042");
  await chat.press("Enter");
  const told = page.locator(".told");
  await told.getByText("Asked: “Refund order 1042”").waitFor();
  await told.getByText("Called Look up order").waitFor();
  await told.getByText("Waits for a decision: Refund order").waitFor();
}

async function inviteSomebody(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Invite your team" }).click();
  await page.getByLabel("Name", { exact: true }).last().fill("Grace Hopper");
  await page.getByLabel("Email").fill("grace@desk.example");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByText("Give this link to Grace Hopper").first().waitFor();
}

test("the same by keyboard alone", async () => {
  const desk = await openNewDesk(browser);
  const { page } = await desk.open();
  await page.goto(desk.setupUrl);
  await page.getByRole("heading", { name: "Make the first admin" }).waitFor();
  await typing(page, "Name", "Ada");
  await typing(page, "Email", "ada@desk.example");
  await typing(page, "Password", "a long enough password");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "Make an assistant" }).waitFor();
  await typing(page, "Name", "Lull");
  await typing(page, "What is it for?", "Say where an order is.");
  await reach(page, "Provider");
  await page.keyboard.type("OpenAI-c");
  await typing(page, "Model", "scripted");
  await typing(page, "Address of the API", desk.modelUrl);
  await page.keyboard.press("Enter");

  // Where the next step begins is where the keyboard is.
  await expect.poll(() => focused(page)).toMatch(/^Connect a server/);
  await typing(page, "Address", desk.ordersUrl);
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Lull orders: Connected");
  await reach(page, "Next");
  await page.keyboard.press("Enter");

  await expect.poll(() => page.frameLocator("iframe").locator(":focus").count()).toBeGreaterThan(0);
  await page.keyboard.type("Where is order 1042?");
  await page.keyboard.press("Enter");
  await page.getByText("Answered").waitFor();
  await expect.poll(() => doneSteps(page)).toContain("Try it here");
  await reach(page, "Next");
  await page.keyboard.press("Enter");

  await expect.poll(() => focused(page)).toMatch(/^Put it on your site/);
  await typing(page, "Add a website", desk.siteUrl);
  await page.keyboard.press("Enter");
  await page.getByText("may have the chat now.").waitFor();
  await expect.poll(() => focused(page)).toBe("Add a website");
  await expect.poll(() => doneSteps(page)).toEqual(["Make an assistant", "Connect a server", "Try it here"]);
});
