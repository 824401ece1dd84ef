/** The first steps, for each role and in each state. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { type Desk, startDesk } from "./stage/desk.ts";
import { isSeen } from "./stage/geometry.ts";
import { startModel, startOrders } from "./stage/peers.ts";
import { expectSound, settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const NOWHERE = "http://127.0.0.1:9";
const assistant = (baseUrl = `${NOWHERE}/v1`) => ({
  key: "lull",
  name: "Lull",
  prompt: "Help.",
  model: { provider: "openai-compatible", model: "scripted", baseUrl },
  allowedOrigins: ["https://shop.example"],
});

async function describeAssistant(page: Page, baseUrl: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill("Lull");
  await page.getByLabel("What is it for?").fill("Say where an order is.");
  await page.getByLabel("Provider").selectOption("openai-compatible");
  await page.getByLabel("Model", { exact: true }).fill("scripted");
  await page.getByLabel("Address of the API").fill(baseUrl);
}

const open = async (desk: Desk, page: Page, step: string): Promise<void> => {
  await page.goto(`${desk.url}/console/first-run?step=${step}`);
  await page.locator(".first-run-step h2").first().waitFor();
};

describe("making an assistant", () => {
  test("an empty installation leads there; what is missing is said at its field", async () => {
    const desk = await startDesk();
    const page = await openConsole(desk, "/", { who: await desk.person("Olive", ["owner"]) });
    await page.getByRole("heading", { name: "Your front desk is empty" }).waitFor();
    await page.getByRole("link", { name: "Begin" }).click();
    await page.getByRole("button", { name: "Make the assistant" }).click();
    await page.locator("#field-purpose-fault", { hasText: "Fill this in." }).waitFor();
    expect(await page.getByText("Fill this in.").filter({ visible: true }).count()).toBe(3);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("field-name");
    await page.getByLabel("Name").fill("Lull");
    await expect.poll(() => page.getByText("Fill this in.").filter({ visible: true }).count()).toBe(2);
  });

  test("a model that does not answer is said in words, with what to do; whoever insists has the assistant", async () => {
    const desk = await startDesk();
    const page = await openConsole(desk, "/");
    await open(desk, page, "assistant");
    await describeAssistant(page, `${NOWHERE}/v1`);
    await page.getByRole("button", { name: "Make the assistant" }).click();
    await page.getByText("The model does not answer.").waitFor();
    expect(await page.locator(".note").innerText()).toMatch(/127\.0\.0\.1:9 cannot be reached/);
    expect(await page.locator(".advice li").count()).toBeGreaterThan(0);
    expect((await desk.admin.api("GET", "/assistants"))["items"]).toEqual([]);
    await expectSound(page);
    await page.getByRole("button", { name: "Make it anyway" }).click();
    await page.getByRole("heading", { name: "Connect a server" }).waitFor();
    expect((await desk.admin.api("GET", "/assistants/lull"))["name"]).toBe("Lull");
  });

  test("a model that was changed is asked again, and what is typed stays while one looks at other steps", async () => {
    const desk = await startDesk();
    const page = await openConsole(desk, "/");
    await open(desk, page, "assistant");
    await describeAssistant(page, `${NOWHERE}/v1`);
    await page.getByRole("button", { name: "Check the model" }).click();
    await page.getByText("The model does not answer.").waitFor();
    await page.getByLabel("Address of the API").fill(await startModel());
    await page.getByRole("link", { name: "Invite your team" }).click();
    await page.getByRole("heading", { name: "Invite your team" }).waitFor();
    await page.getByRole("link", { name: "Make an assistant" }).click();
    expect(await page.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe("Lull");
    await page.getByRole("button", { name: "Check the model" }).click();
    const works = page.getByRole("status").getByText("The model answers and uses tools.");
    await works.waitFor();
    expect(await isSeen(works)).toBe(true);
    await page.getByRole("link", { name: "Home" }).first().click();
    await page.getByText("Leave without saving?").first().waitFor();
  });
});

test("what is typed in a step stays while one looks at the others, and leaving asks", async () => {
  const desk = await startDesk();
  await desk.admin.api("POST", "/assistants", assistant());
  const page = await openConsole(desk, "/");
  const typed: readonly (readonly [step: string, link: string, field: string, text: string])[] = [
    ["server", "Connect a server", "Address", "https://orders.example/mcp"],
    ["site", "Put it on your site", "Add a website", "https://new.example"],
    ["team", "Invite your team", "Name", "Grace"],
  ];
  await open(desk, page, "server");
  for (const [, link, field, text] of typed) {
    await page.getByRole("link", { name: link }).click();
    await page.getByRole("textbox", { name: field, exact: true }).fill(text);
  }
  for (const [, link, field, text] of typed) {
    await page.getByRole("link", { name: link }).click();
    expect(await page.getByRole("textbox", { name: field, exact: true }).inputValue()).toBe(text);
  }
  // From a step in which nothing is typed.
  await page.getByRole("link", { name: "Try it here" }).click();
  for (const _form of typed) {
    await page.getByRole("link", { name: "Home" }).first().click();
    await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
    await page.getByRole("button", { name: "Keep editing" }).click();
  }
  expect(page.url()).toContain("first-run");
});

test("an owner tries a draft and sees what it did, with what was sent and what came back", async () => {
  const desk = await startDesk();
  const olive = await desk.person("Olive", ["owner"]);
  await olive.api("POST", "/assistants", { ...assistant(await startModel()) });
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  await desk.admin.api(
    "PUT",
    "/mcp-servers/orders/shares",
    { generalAccess: "everyone", shares: [] },
    await desk.admin.versionOf("/mcp-servers/orders/shares"),
  );
  await olive.api("POST", "/assistants/lull/connectors", { server: "orders", permissions: { "*": "always_allow" } });
  const page = await openConsole(desk, "/first-run?step=try", { who: olive });
  const box = page.frameLocator("iframe").getByRole("textbox");
  await box.fill("Where is order 1042?");
  await box.press("Enter");
  await page.getByText("Called Look up order").first().waitFor();
  await page.getByText("Answered").first().waitFor();
  await page.getByText("What was sent and what came back").first().click();
  await page.locator(".told desk-json").first().getByText("1042").waitFor();
  await page.locator(".told .result-text").first().getByText("1042").waitFor();
  // Step 3 is done although no page of the owner's was seen.
  await page.getByRole("heading", { name: "Try it here" }).getByText("done").waitFor();
  await expectSound(page);
  await page.goto(`${desk.url}/console/assistants/lull`);
  await page.getByRole("complementary", { name: "Preview" }).getByText("Called Look up order").first().waitFor();
});

test("a server that cannot be used is not kept, and says why; the keyboard goes there", async () => {
  const desk = await startDesk();
  await desk.admin.api("POST", "/assistants", assistant());
  const page = await openConsole(desk, "/");
  await open(desk, page, "server");
  await page.getByRole("textbox", { name: "Address", exact: true }).fill(`${NOWHERE}/mcp`);
  await page.keyboard.press("Enter");
  await page.getByText("This server cannot be used yet.").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe("note");
  expect((await desk.admin.api("GET", "/mcp-servers"))["items"]).toEqual([]);
});

test("what is no address is said at its field", async () => {
  const desk = await startDesk();
  await desk.admin.api("POST", "/assistants", assistant());
  const page = await openConsole(desk, "/");
  await open(desk, page, "site");
  await page.getByText("Waiting for the first page").waitFor();
  await page.getByLabel("Add a website").fill("not an address");
  await page.getByRole("button", { name: "Allow" }).click();
  await expect.poll(() => page.getByLabel("Add a website").getAttribute("aria-invalid")).toBe("true");
});

test.each([
  ["admin", 390, "dark"],
  ["owner", 1024, "light"],
] as const)("each step for an %s at %i pixels, %s: axe finds nothing, and nothing is wider", async (role, width, colorScheme) => {
  const desk = await startDesk();
  const who = role === "admin" ? desk.admin : await desk.person("Olive", [role]);
  const page = await openConsole(desk, "/", { who, width, colorScheme });
  await page.getByRole("link", { name: "Begin" }).waitFor();
  await expectSound(page);
  await open(desk, page, "assistant");
  await page.getByLabel("What is it for?").waitFor();
  await expectSound(page);
  await desk.admin.api("POST", "/assistants", assistant());
  for (const step of role === "admin" ? ["server", "try", "site", "team"] : ["server", "site"]) {
    await open(desk, page, step);
    await settled(page);
    await expectSound(page);
  }
});
