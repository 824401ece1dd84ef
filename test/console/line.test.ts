/** What the console hears over the staff line, in a browser. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type Desk, PASSWORD, startDesk } from "./stage/desk.ts";
import { startModel, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole, withoutAsking } from "./stage/tab.ts";

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

test("Approvals hears of calls while they come and go, and asks for none while the line is there", async () => {
  const desk = await startDesk();
  const tried = await refunds(desk);
  const page = await openConsole(desk, "/account", { who: await desk.person("Olive", ["support"]) });
  // The queue's own question: the tab's count asks another.
  const asked: string[] = [];
  page.on("request", (request) => asked.push(...(/\/approvals\?.*order=risk/.test(request.url()) ? [request.url()] : [])));
  await page.clock.install();
  await page.goto(`${desk.url}/console/approvals`);
  await page.getByText("Nothing waits for your team").waitFor();
  await isLive(page);
  await askFor(tried, "1042");
  const call = page.getByRole("article", { name: /Refund/ });
  await call.getByRole("button", { name: "Approve" }).waitFor();
  const before = asked.length;
  // Shorter than the silence after which the line asks whether it is still there.
  await page.clock.runFor(20_000);
  expect(asked.length - before).toBeLessThan(2);
  const [waiting] = (await desk.admin.api<{ items: { approvalId: string; argumentsHash: string }[] }>("GET", "/approvals")).items;
  const { approvalId, argumentsHash } = waiting!;
  await desk.admin.api("POST", `/approvals/${approvalId}/decision`, { decision: "rejected", argumentsHash });
  await page.getByText("Nothing waits for your team").waitFor();
});

test("a call that comes between the connection and the server's listening is not missed", async () => {
  const desk = await startDesk();
  const tried = await refunds(desk);
  const page = await openConsole(desk, "/account", { who: await desk.person("Olive", ["support"]) });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    void page.routeWebSocket(/\/staff-line\//, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        if (!message.toString().includes('"inbox-watch"')) return server.send(message);
        release = () => server.send(message);
        resolve();
      });
    });
  });
  await page.goto(`${desk.url}/console/approvals`);
  await held;
  await isLive(page);
  await page.getByText("Nothing waits for your team").waitFor();
  await askFor(tried, "1042");
  await tried.getByText("Waits for a decision: Refund order").waitFor();
  release();
  await page
    .getByRole("article", { name: /Refund/ })
    .getByRole("button", { name: "Approve" })
    .waitFor();
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
