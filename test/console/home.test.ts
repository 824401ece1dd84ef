/** Home: what waits for a decision, what needs care, and what comes next, for each role. */
import { expect, onTestFinished, test } from "vitest";
import { tool } from "../support/mcp-scripted-server.ts";
import { startProvider } from "../support/oauth-process.ts";
import { startDesk } from "./stage/desk.ts";
import { makePots, peerWith, startModel, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const NOWHERE = "http://127.0.0.1:9";
const LOOKUP = tool("lookup", { title: "Look up an order" });
const assistant = (baseUrl = `${NOWHERE}/v1`) => ({
  key: "lull",
  name: "Lull",
  prompt: "Help.",
  model: { provider: "openai-compatible", model: "scripted", baseUrl },
  allowedOrigins: ["https://shop.example"],
});

test("an admin sees what needs care first, the assistants, and the next step", async () => {
  const desk = await startDesk();
  await desk.admin.api("POST", "/assistants", assistant());
  await desk.admin.api("POST", "/assistants/lull/test");
  await desk.admin.api("POST", "/mcp-servers", { key: "stock", name: "Stock", url: `${NOWHERE}/mcp` });
  const page = await openConsole(desk, "/");
  const care = page.getByRole("region", { name: "Needs care" });
  await care.getByText("Stock cannot be used").waitFor();
  await care.getByText("The model cannot be reached").waitFor();
  const next = page.getByRole("link", { name: "Next: Connect a server" });
  await expect.poll(() => page.getByRole("region", { name: "Assistants" }).innerText()).toContain("Broken");
  await expectSound(page);
  await next.click();
  await page.getByRole("heading", { name: "Connect a server" }).waitFor();
  await page.goBack();
  await care.getByRole("link", { name: "Open: Stock" }).click();
  await page.getByRole("heading", { name: "Stock", level: 1 }).waitFor();
  // The heading came after its page: the keyboard begins there all the same.
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent.trim())).toMatch(/Stock$/);
});

test("what waits for the team says what it is, where it belongs, and how long there is", async () => {
  const desk = await startDesk();
  await desk.admin.api("POST", "/assistants", { ...assistant(await startModel()) });
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  const permissions = { "*": "always_allow", refund_order: { permission: "needs_approval", approver: "staff" } };
  await desk.admin.api("POST", "/assistants/lull/connectors", { server: "orders", permissions });
  const page = await openConsole(desk, "/first-run?step=try");
  const box = page.frameLocator("iframe").getByRole("textbox");
  await box.fill("Refund order 1042");
  await box.press("Enter");
  await page.getByText("Waits for a decision: Refund order").waitFor();
  await page.goto(`${desk.url}/console/`);
  const waits = page.getByRole("region", { name: "Waiting for a decision: 1" });
  await waits.getByText("Refund order").waitFor();
  await waits.getByText(/ends in \d+ min/).waitFor();
  await expectSound(page);
  await waits.getByRole("link", { name: "for Lull" }).click();
  await page.getByRole("heading", { name: "Lull", level: 1 }).waitFor();
});

test("a support member sees what would be sent, approves one call and rejects another", async () => {
  const desk = await startDesk();
  await desk.admin.api("POST", "/assistants", { ...assistant(await startModel()) });
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  const permissions = { "*": "always_allow", refund_order: { permission: "needs_approval", approver: "staff" } };
  await desk.admin.api("POST", "/assistants/lull/connectors", { server: "orders", permissions });
  const tried = await openConsole(desk, "/first-run?step=try");
  const box = tried.frameLocator("iframe").getByRole("textbox");
  const askFor = async (order: string): Promise<void> => {
    await box.fill(`Refund order ${order}`);
    await box.press("Enter");
  };
  await askFor("1042");
  const page = await openConsole(desk, "/", { who: await desk.person("Olive", ["support"]), width: 390 });
  const values = page.getByRole("region", { name: "Waiting for a decision: 1" }).locator("dl");
  await values.getByText("1042").waitFor();
  // By the name that people give it, in the money that it is.
  await values.getByText("Amount", { exact: true }).waitFor();
  await values.getByText(/^€\d+\.\d\d$/).waitFor();
  await expectSound(page);
  await page.getByRole("button", { name: "Approve: Refund order" }).click();
  const question = page.getByRole("dialog", { name: "Approve Refund order?" });
  await question.getByText("1042").waitFor();
  await expectSound(page);
  // The list is read anew meanwhile, as the line has it done.
  await page.evaluate(() => {
    const list = document.querySelector<HTMLElement & { waiting: unknown }>("desk-waiting-calls")!;
    list.waiting = structuredClone(list.waiting);
  });
  await question.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  const [conversation] = (await desk.admin.api<{ items: { id: string }[] }>("GET", "/conversations?preview=true")).items;
  const journal = async () => JSON.stringify(await desk.admin.api("GET", `/conversations/${conversation!.id}/events?limit=200`));
  await expect.poll(journal).toContain('"turn-ended"');
  expect(await journal()).toMatch(/"tool-call-ended"[^}]*"outcome":"ok"/);
  await askFor("1043");
  await page.getByRole("button", { name: "Reject: Refund order" }).click();
  const rejection = page.getByRole("dialog", { name: "Reject Refund order?" });
  await rejection.getByLabel("Reason for a rejection").fill("Not this one.");
  await rejection.getByRole("button", { name: "Reject" }).click();
  await page.getByText("Rejected: Refund order").waitFor();
  await expect.poll(journal).toContain('"reason":"Not this one."');
  expect((await desk.admin.api<{ items: unknown[] }>("GET", "/approvals")).items).toEqual([]);
});

test("a server that waits for somebody to sign in is no alarm, here or under Tools", async () => {
  const provider = await startProvider();
  onTestFinished(() => provider.stop());
  const desk = await startDesk();
  await makePots(desk);
  await desk.admin.api("POST", "/mcp-servers", { key: "mail", name: "Mail", url: provider.url, auth: { kind: "oauth" } });
  await desk.admin.api("POST", "/mcp-servers/mail/test", {});
  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "mail", connection: "personal" });
  const page = await openConsole(desk, "/");
  await page.getByText("Nothing needs care now.").waitFor();
  await page.goto(`${desk.url}/console/tools`);
  await page.getByRole("article", { name: "Mail" }).getByText("Sign-in needed").waitFor();
  // An assistant for which somebody of the team has to sign in has nothing of it.
  const connector = "/assistants/pots/connectors/mail";
  await desk.admin.api("PATCH", connector, { connection: "shared" }, await desk.admin.versionOf(connector));
  await page.goto(`${desk.url}/console/`);
  const care = page.getByRole("region", { name: "Needs care" });
  await care.getByText("Mail needs a sign-in").waitFor();
  await care.getByRole("link", { name: "Open: Pots" }).click();
  await page.getByRole("heading", { name: "Mail", level: 1 }).waitFor();
});

test("each entry leads to where it is mended", async () => {
  const [desk, peer] = [await startDesk(), await peerWith([LOOKUP])];
  await makePots(desk);
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: peer.url });
  await desk.admin.api("POST", "/mcp-servers/orders/test", {});
  peer.tools = [{ ...LOOKUP, description: "Finds anything." }];
  await desk.admin.api("POST", "/mcp-servers/orders/test", {});
  const page = await openConsole(desk, "/");
  await page.getByRole("link", { name: "Open: Tools of Orders have changed" }).click();
  await page.getByRole("button", { name: "Accept" }).waitFor();
  await page.goto(`${desk.url}/console/tools`);
  await page.getByRole("link", { name: "1 tool waits for you" }).click();
  await page.getByRole("button", { name: "Accept" }).waitFor();
});

test("a support member reads what they can do, and nothing that they may not", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/", { who: await desk.person("Olive", ["support"]), width: 390 });
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  expect(await page.getByRole("link", { name: "First steps" }).count()).toBe(0);
  await expectSound(page);
  await page.goto(`${desk.url}/console/first-run`);
  await page.getByRole("heading", { name: "You may not see this" }).waitFor();
});
