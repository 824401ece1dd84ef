/** What the console hears over the staff line, in a browser. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type Desk, PASSWORD, startDesk } from "./stage/desk.ts";
import { startModel, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

/** Somebody may ask for a refund, and support decides. Returns a page on which a draft of the assistant is tried. */
async function refunds(desk: Desk): Promise<Page> {
  await desk.admin.api("POST", "/assistants", {
    key: "lull",
    name: "Lull",
    prompt: "Help.",
    model: { provider: "openai-compatible", model: "scripted", baseUrl: await startModel() },
    allowedOrigins: ["https://shop.example"],
  });
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  const permissions = { "*": "always_allow", refund_order: { permission: "needs_approval", approver: "staff" } };
  await desk.admin.api("POST", "/assistants/lull/connectors", { server: "orders", permissions });
  return openConsole(desk, "/first-run?step=try");
}

async function askFor(tried: Page, order: string): Promise<void> {
  const box = tried.frameLocator("iframe").getByRole("textbox");
  await box.fill(`Refund order ${order}`);
  await box.press("Enter");
}

/** From now on nothing on the page asks again by itself: what comes is told. */
async function withoutAsking(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const real = globalThis.setInterval;
    globalThis.setInterval = ((run: () => void, ms = 0) => (ms >= 5_000 ? 0 : real(run, ms))) as typeof setInterval;
  });
  await page.reload();
}

const isLive = (page: Page) => page.getByText("Live", { exact: true }).waitFor();

test("Home hears of a call that waits, and of its decision by somebody else, without asking", async () => {
  const desk = await startDesk();
  const tried = await refunds(desk);
  const page = await openConsole(desk, "/", { who: await desk.person("Olive", ["support"]) });
  await withoutAsking(page);
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  await isLive(page);
  await expectSound(page);
  await askFor(tried, "1042");
  await page.getByRole("region", { name: "Waiting for a decision: 1" }).waitFor();
  const [waiting] = (await desk.admin.api<{ items: { approvalId: string; argumentsHash: string }[] }>("GET", "/approvals")).items;
  await desk.admin.api("POST", `/approvals/${waiting!.approvalId}/decision`, {
    decision: "rejected",
    argumentsHash: waiting!.argumentsHash,
  });
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
});

test("without a network the page says so, and what was missed is there when it is back", async () => {
  const desk = await startDesk();
  const tried = await refunds(desk);
  const page = await openConsole(desk, "/", { who: await desk.person("Olive", ["support"]), mayComplain: /ERR_INTERNET_DISCONNECTED/ });
  await withoutAsking(page);
  await isLive(page);
  await page.context().setOffline(true);
  await page.getByText("Offline", { exact: true }).waitFor();
  await askFor(tried, "1042");
  await tried.getByText("Waits for a decision: Refund order").waitFor();
  await page.context().setOffline(false);
  await page.getByRole("region", { name: "Waiting for a decision: 1" }).waitFor();
  await isLive(page);
});

test("a session that is ended elsewhere is told at once, and the line is back after the sign-in", async () => {
  const desk = await startDesk();
  const olive = await desk.person("Olive", ["support"]);
  const page = await openConsole(desk, "/", { who: olive });
  await withoutAsking(page);
  await isLive(page);
  await desk.admin.api("DELETE", `/people/${olive.id}/sessions`);
  const ended = page.getByRole("dialog");
  await ended.getByLabel("Password").fill(PASSWORD);
  await ended.getByLabel("Email").fill(olive.email);
  await ended.getByRole("button", { name: "Sign in" }).click();
  await isLive(page);
});

test("whoever may read no conversation is not told of the line, and hears of the session's end all the same", async () => {
  const desk = await startDesk();
  const olga = await desk.person("Olga", ["owner"]);
  const page = await openConsole(desk, "/", { who: olga });
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(`${socket.url()} ${payload.toString()}`)));
  await withoutAsking(page);
  await expect.poll(() => frames.join("\n"), { timeout: 20_000 }).toMatch(/\/staff-line\/.*"welcome"/);
  expect(await page.getByText("Live", { exact: true }).count()).toBe(0);
  await desk.admin.api("DELETE", `/people/${olga.id}/sessions`);
  await page.getByRole("dialog").getByLabel("Password").waitFor();
});
