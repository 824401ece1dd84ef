/** Members of the team answer in the assistant's place, and give the conversation back. */
import type { ServerResponse } from "node:http";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { json, result, scriptedServer, type ScriptedMessage, tool } from "../../support/mcp-scripted-server.ts";
import { axeFaults } from "../../console/stage/sound.ts";
import { button, type Customer, type Member, openStaffedDesk, picture, said, type StaffedDesk } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Stage {
  readonly desk: StaffedDesk;
  readonly key: string;
  readonly customer: Customer;
  /** Answers the call that runs. */
  readonly release: () => void;
  readonly calls: () => number;
}

/** An assistant whose refunds run until they are released, and a customer of it. */
async function openStage(people: object = {}): Promise<Stage> {
  const desk = await openStaffedDesk(browser);
  let held: [ServerResponse, ScriptedMessage] | undefined;
  const server = await scriptedServer({
    "tools/list": result({ tools: [tool("refund", { title: "Refund order" })] }),
    "tools/call": (response, message) => void (held = [response, message]),
  });
  onTestFinished(() => server.close());
  await desk.admin.api("POST", "/mcp-servers", { key: "shop", name: "Shop", url: server.url });
  await desk.admin.api("POST", "/mcp-servers/shop/test", {});
  const key = await desk.makeAssistant("Help");
  await desk.admin.api("POST", `/assistants/${key}/connectors`, { server: "shop", permissions: { refund: "always_allow" } });
  const { tag } = await desk.admin.api("GET", `/assistants/${key}`);
  const changed = await desk.admin.api("PATCH", `/assistants/${key}`, { people: { enabled: true, ...people } }, tag);
  expect(changed).toMatchObject({ status: 200 });
  return {
    desk,
    key,
    customer: await desk.customer(key),
    calls: () => server.count("tools/call"),
    release: () => {
      const [response, { id }] = held!;
      json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "refunded 1042" }] } });
    },
  };
}

/** The conversation that there is, in a member's window. */
async function open({ desk }: Stage, member: Member): Promise<string> {
  const [conversation] = (await desk.admin.api<{ items: { id: string }[] }>("GET", "/conversations")).body.items;
  await member.go(`/inbox/${conversation!.id}`);
  await composer(member.page).waitFor();
  return conversation!.id;
}

const composer = (page: Page): Locator => page.getByRole("region", { name: "Answer", exact: true });
const reply = (page: Page): Locator => composer(page).getByRole("textbox", { name: "Reply to the customer" });

test("a member joins while a call runs, lets it end, answers and hands back; the model knows what was said", async () => {
  const stage = await openStage();
  const { desk, customer } = stage;
  const olive = await desk.member("Olive Stone", ["support"]);
  await customer.ask("use refund {}");
  await expect.poll(stage.calls).toBe(1);
  await open(stage, olive);
  const { page } = olive;
  await composer(page).getByText("Refund order runs").waitFor();
  await button(page, "Join").click();
  await composer(page).getByText("You answer", { exact: true }).waitFor();
  await customer.answered(/Olive Stone. has joined/);
  await picture(page, "take-over-1-joined");
  stage.release();
  await composer(page).getByText("Refund order runs").waitFor({ state: "detached" });
  await reply(page).fill("I have refunded **1042** for you.");
  await composer(page).getByRole("button", { name: "Send" }).click();
  await customer.answered("I have refunded 1042 for you.");
  await customer.ask("Thank you, Olive");
  await page.getByText("Thank you, Olive").first().waitFor();
  await picture(customer.page, "take-over-2-customer");
  expect(await axeFaults(page)).toEqual([]);
  await button(page, "Hand back").click();
  await page.getByLabel("What it should know").fill("Refunded by hand; the customer is content.");
  await page.getByRole("dialog").getByRole("button", { name: "Hand back" }).click();
  await customer.answered(/Olive Stone. has left/);
  await customer.ask("What was that?");
  await customer.answered(/It says: .*What was that\?/);
  const read = desk.read().join("\n");
  expect(read).toContain("tool: refunded 1042");
  expect(read).toContain("Olive Stone, a member of the team, wrote:]\nI have refunded **1042** for you.");
  expect(read).toContain("Thank you, Olive");
  expect(read).toContain("Refunded by hand; the customer is content.");
  expect(stage.calls()).toBe(1);
  expect(olive.faults).toEqual([]);
});

test("of two members who press Join at once one has it, and the other sees who", async () => {
  const stage = await openStage();
  const [olive, kim] = [await stage.desk.member("Olive Stone", ["support"]), await stage.desk.member("Kim Lee", ["support"])];
  await stage.customer.ask("Hello");
  await stage.customer.answered("It says: Hello");
  for (const member of [olive, kim]) await open(stage, member);
  await Promise.all([olive, kim].map(({ page }) => button(page, "Join").click()));
  const mine = (page: Page) => composer(page).getByText("You answer", { exact: true }).count();
  await expect.poll(async () => (await mine(olive.page)) + (await mine(kim.page))).toBe(1);
  const [has, other] = (await mine(olive.page)) === 1 ? [olive, kim] : [kim, olive];
  const name = has === olive ? "Olive Stone" : "Kim Lee";
  await composer(other.page).getByText(`${name} answers`, { exact: true }).waitFor();
  expect(await reply(other.page).count()).toBe(0);
  // What was begun is kept while a colleague answers, and given back with the conversation.
  await reply(has.page).fill("One moment");
  await button(other.page, `Take over from ${name}`).click();
  await composer(has.page)
    .getByText(/writes to the customer here/)
    .waitFor();
  expect(await reply(has.page).count()).toBe(0);
  await button(has.page, `Take over from ${other === olive ? "Olive Stone" : "Kim Lee"}`).click();
  await expect.poll(() => reply(has.page).inputValue()).toBe("One moment");
});

test("the customer asks for a person, leaves an address outside hours, and the member uses what is at hand", async () => {
  const stage = await openStage({ hours: { timeZone: "Europe/Berlin", week: {} }, outside: "We are back on Monday." });
  const { desk, customer } = stage;
  await customer.ask("Hello");
  await customer.answered("It says: Hello");
  await customer.page.getByRole("button", { name: "Menu" }).click();
  await customer.page.getByRole("button", { name: "Talk to a person" }).click();
  await customer.answered("We are back on Monday.");
  await picture(customer.page, "take-over-3-asked");
  await customer.page.getByRole("textbox", { name: "Your email address" }).fill("anna@shop.example");
  await customer.page.getByRole("button", { name: "Leave address" }).click();
  await customer.answered("The team will write to anna@shop.example.");
  await picture(customer.page, "take-over-3-address");

  const olive = await desk.member("Olive Stone", ["support"]);
  const { page } = olive;
  await olive.go("/canned-replies");
  await button(page, "New canned reply").first().click();
  await page.getByLabel("Name").fill("Greeting");
  await page.getByLabel("Text").fill("Hello {{customer.name|there}}, this is {{me.name}} of {{assistant.name}}.");
  await button(page, "Make canned reply").click();
  await said(page, "Greeting is there for the whole team.").waitFor();
  await picture(page, "take-over-4-canned");

  await open(stage, olive);
  await composer(page).getByText("A person is wanted here").waitFor();
  await button(page, "Join").click();
  await reply(page).pressSequentially("/gre");
  await composer(page)
    .getByRole("option", { name: /Greeting/ })
    .waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await picture(page, "take-over-5-choice");
  await page.keyboard.press("Enter");
  await expect.poll(() => reply(page).inputValue()).toBe("Hello there, this is Olive Stone of Help.");
  await reply(page).fill("");
  await button(page, "Draft a reply").click();
  await expect.poll(() => reply(page).inputValue()).toMatch(/^It says: /);

  // Notes are for the team alone; each kind has a draft of its own, which survives a reload.
  await reply(page).fill("A reply that waits");
  await composer(page).getByRole("tab", { name: "Note" }).click();
  await composer(page).getByRole("textbox", { name: "Note for the team" }).fill("Careful: VIP");
  await button(page, "Save note").click();
  await page.getByText("Careful: VIP").first().waitFor();
  await page.reload();
  await expect.poll(() => reply(page).inputValue()).toBe("A reply that waits");
  expect(await customer.page.getByText("Careful: VIP").count()).toBe(0);
  await button(page, "Close").click();
  await customer.answered(/The team has closed this conversation/);
  expect(olive.faults).toEqual([]);
});
