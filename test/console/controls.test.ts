/** Controls of single fields, and what is said where two changed the same. */
import { describe, expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { makePots, startModel, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

describe("controls", () => {
  test("more for a tool: approving for a conversation, and harmless repeating, hold at once and are taken back", async () => {
    const desk = await startDesk();
    await makePots(desk);
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
    await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders" });
    const permissions = async () =>
      (await desk.admin.api<{ permissions: object }>("GET", "/assistants/pots/connectors/orders")).permissions;
    const page = await openConsole(desk, "/assistants/pots/tools/orders");
    await page.getByRole("button", { name: "More for Refund order" }).click();
    await expectSound(page);
    await page.getByRole("switch", { name: "Offer “Approve for this conversation”" }).click();
    await expect
      .poll(permissions)
      .toMatchObject({ refund_order: { permission: "needs_approval", rememberable: true, safeToRepeat: false } });
    await page.getByRole("switch", { name: "Repeating a call does no harm" }).click();
    await expect.poll(permissions).toMatchObject({ refund_order: { rememberable: true, safeToRepeat: true } });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "More for Refund order: something is on" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await expect.poll(permissions).toMatchObject({ refund_order: { rememberable: true, safeToRepeat: false } });
    // The permission itself, chosen anew, keeps the rest.
    await page.getByLabel("Permission of Refund order").selectOption("staff");
    await expect.poll(permissions).toMatchObject({ refund_order: { approver: "staff", rememberable: true } });
  });

  test("a model's key is taken away, or kept after all", async () => {
    const desk = await startDesk();
    await makePots(desk);
    const page = await openConsole(desk, "/assistants/pots");
    const take = page.getByRole("button", { name: "Take the key away" });
    await take.click();
    await page.getByRole("button", { name: "Keep the key" }).click();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await take.click();
    await page.getByText("The key is taken away when you save.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await desk.admin.api("GET", "/assistants/pots/draft"))["settings"])
      .toMatchObject({ model: { apiKeySet: false } });
    await expect.poll(() => take.count()).toBe(0);
  });

  test("a picture is what its bytes are; another host's is said not to be shown", async () => {
    const desk = await startDesk();
    await desk.admin.api("POST", "/mcp-servers", {
      key: "orders",
      name: "Orders",
      url: "http://127.0.0.1:9/mcp",
      icon: "https://pictures.example/a.png",
    });
    const page = await openConsole(desk, "/tools/mcp-servers/orders");
    await page.getByText("This picture is at another host.").waitFor();
    const choose = async (name: string, bytes: string) =>
      page.locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer: Buffer.from(bytes, "latin1") });
    await choose("evil.png", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    await page.getByText("This is no PNG, JPEG, GIF or WebP picture.").waitFor();
    await choose("large.png", `\x89PNG\r\n\x1a\n${"x".repeat(40_000)}`);
    await page.getByText("This picture is larger than 32 kB.").waitFor();
    await choose("small.gif", "GIF89a\x01\x00\x01\x00\x00\x00\x00;");
    await page.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(async () => (await desk.admin.api("GET", "/mcp-servers/orders"))["icon"])
      .toBe(`data:image/gif;base64,${btoa("GIF89a\x01\x00\x01\x00\x00\x00\x00;")}`);
  });

  test("a model that nobody asked since the start is checked from the health", async () => {
    const desk = await startDesk();
    await makePots(desk, { model: { provider: "openai-compatible", model: "scripted", baseUrl: await startModel() } });
    const page = await openConsole(desk, "/assistants/pots/health");
    await page.getByText("The model was not checked since the server started").waitFor();
    await page.getByRole("button", { name: "Check now" }).click();
    await page.getByText("The model answers and uses tools.").waitFor();
    await expect.poll(() => page.getByText("The model was not checked since the server started").count()).toBe(0);
  });
});

describe("where two changed the same", () => {
  test("a list is shown as a list, a choice by its name, and a secret by its name alone", async () => {
    const desk = await startDesk();
    await makePots(desk, { starters: ["Old"] });
    const page = await openConsole(desk, "/assistants/pots");
    await page.getByLabel("Suggested messages").fill("Mine");
    await page.getByLabel("What customers see of tool calls").selectOption("hidden");
    const draft = await desk.admin.versionOf("/assistants/pots/draft");
    await desk.admin.api("PATCH", "/assistants/pots/draft", { starters: ["Where is my order?", "Opening hours"], trace: "full" }, draft);
    await page.getByRole("button", { name: "Save" }).click();
    const starters = page.getByRole("alert").filter({ hasText: "Opening hours" });
    await starters.waitFor();
    expect(await starters.getByRole("listitem").allInnerTexts()).toEqual(["Where is my order?", "Opening hours"]);
    expect(await starters.innerText()).not.toMatch(/[[\]{}"]/);
    await page
      .getByText("Now saved: Everything: arguments and results")
      .or(page.getByRole("alert").filter({ hasText: "Now saved" }))
      .first()
      .waitFor();
    expect(await page.getByText("Now saved: full").count()).toBe(0);
  });

  test("headers are shown by their names, never their values", async () => {
    const desk = await startDesk();
    const headers = { "X-Kept": "one" };
    await desk.admin.api("POST", "/mcp-servers", {
      key: "orders",
      name: "Orders",
      url: "http://127.0.0.1:9/mcp",
      auth: { kind: "headers" },
      headers,
    });
    const page = await openConsole(desk, "/tools/mcp-servers/orders");
    await page.getByRole("button", { name: "Add header" }).click();
    await page.getByRole("textbox", { name: "Name", exact: true }).last().fill("X-Mine");
    await page.getByLabel("Value", { exact: true }).last().fill("mine-secret");
    const version = await desk.admin.versionOf("/mcp-servers/orders");
    await desk.admin.api("PATCH", "/mcp-servers/orders", { headers: { "X-Theirs": "their-secret" } }, version);
    await page.getByRole("button", { name: "Save" }).click();
    const conflict = page.getByRole("alert").filter({ hasText: "X-Theirs" });
    await conflict.waitFor();
    expect(await conflict.getByRole("listitem").allInnerTexts()).toEqual([
      "X-Kept (its value is not shown)",
      "X-Theirs (its value is not shown)",
    ]);
    expect(await page.content()).not.toContain("their-secret");
    await expectSound(page);
  });
});
