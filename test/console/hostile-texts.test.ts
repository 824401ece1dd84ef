/**
 * Stored XSS: the published payloads of DOMPurify's tests as every text that a stranger, a server or a colleague can put
 * into the console. Skipped where the folder with them is not there.
 */
import { existsSync, readFileSync } from "node:fs";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { json } from "../support/mcp-scripted-server.ts";
import { writeConversations } from "../support/written-conversations.ts";
import { restart, startDesk } from "./stage/desk.ts";
import { makePots, peerWith } from "./stage/peers.ts";
import { settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";
import { hostileStory } from "./trace/hostile-journal.ts";
import { numbered } from "./trace/journal.ts";

const ATTACKS = new URL("../../../shared/attacks/xss-dompurify.json", import.meta.url);
const payloads = existsSync(ATTACKS)
  ? (JSON.parse(readFileSync(ATTACKS, "utf8")) as { payload: string }[]).map(({ payload }) => payload)
  : [];
const all = payloads.join("\n");
const short = payloads.filter((payload) => payload.trim() !== "" && payload.length <= 80);

/** What a payload would have made, or run. */
async function made(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const strange =
      "script, style, link, object, embed, meta, base, math, [srcdoc], [onerror], [onload], [onclick], [href^='javascript' i], img:not([src^='data:' i])";
    const inside = [...document.querySelectorAll(`main ${strange.replaceAll(", ", ", main ")}`)].map(({ outerHTML }) =>
      outerHTML.slice(0, 200),
    );
    return [...inside, ...((globalThis as { ran?: string[] }).ran ?? [])];
  });
}

async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
  expect([address, await made(page)]).toEqual([address, []]);
}

test.skipIf(payloads.length === 0)("whatever texts hold, they are shown as texts on every page", async () => {
  const desk = await startDesk();
  const peer = await peerWith([
    {
      name: "look_up",
      title: short[0],
      description: all,
      annotations: { title: short[1], readOnlyHint: true },
      inputSchema: {
        type: "object",
        properties: { [short[2] ?? ""]: { type: "string", title: short[3], description: all, default: all } },
      },
    },
  ]);
  peer.script["tools/call"] = (response, { id }) =>
    json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: all }], structuredContent: { all } } });
  const { api } = desk.admin;
  await api("POST", "/mcp-servers", { key: "stranger", name: short[4], description: all.slice(0, 1_000), url: peer.url });
  const model = { provider: "openai-compatible", model: short[5], baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-1" };
  // A name with line breaks is refused (test/http/api/names.test.ts).
  const named = (at: number): string => (short[at] ?? "").replaceAll(/\p{Cc}/gu, " ");
  const texts = { name: named(6), prompt: all, greeting: all.slice(0, 2_000), starters: short.slice(7, 15) };
  await api("POST", "/assistants", { key: "hostile", model, allowedOrigins: ["https://a.example"], ...texts });
  await api("POST", "/assistants/hostile/connectors", { server: "stranger" });
  for (const [number, description] of short.entries()) await api("POST", "/groups", { name: `${number} ${named(number)}`, description });
  const { invitation } = await api<{ invitation: { url: string } }>("POST", "/people", {
    name: named(15),
    email: "eve@desk.example",
    roles: ["owner"],
  });
  expect(invitation.url).toContain("#");
  await api("POST", "/api-keys", { name: named(16), roles: ["owner"] });
  const { id: published } = await api<{ id: string }>("POST", "/published-servers", {
    name: named(17),
    tools: [{ source: "mcp", server: "stranger", name: "look_up", description: all.slice(0, 4_000) }],
  });
  const { key } = await api<{ key: string }>("POST", `/published-servers/${published}/keys`, { name: named(18) });
  const client = new Client({ name: short[19] ?? "", version: short[20] ?? "" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${desk.url}/mcp/${published}`), {
      requestInit: { headers: { Authorization: `Bearer ${key}` } },
    }),
  );
  await client.callTool({ name: "look_up", arguments: { [short[2] ?? ""]: all } });
  await client.close();

  const page = await openConsole(desk, "/");
  await page.addInitScript(() => {
    const ran: string[] = [];
    Object.assign(globalThis, { ran });
    for (const name of ["alert", "confirm", "prompt", "print"] as const)
      Object.assign(globalThis, { [name]: (text: unknown) => ran.push(`${name} ${String(text)}`) });
  });
  const { items } = await api<{ items: { id: number }[] }>("GET", "/audit-log");
  const pages = [
    "/",
    "/assistants",
    "/tools",
    "/tools/http-tools",
    "/people",
    "/people/groups",
    "/api-keys",
    "/audit-log",
    "/published-servers",
    ...["", "/keys", "/connect", "/connect?client=cursor", "/test", "/log", "/log?entry=1"].map(
      (tab) => `/published-servers/${published}${tab}`,
    ),
    ...["", "/look", "/tools", "/tools/stranger", "/versions", "/health", "/install"].map((tab) => `/assistants/hostile${tab}`),
    ...["", "/tools", "/tools/look_up", "/share"].map((tab) => `/tools/mcp-servers/stranger${tab}`),
    ...items.slice(0, 3).map(({ id }) => `/audit-log?entry=${id}`),
  ];
  for (const address of pages) await visit(page, `${desk.url}/console${address}`);
  await page.getByRole("button", { name: "Account of" }).waitFor();

  await visit(page, `${desk.url}/console/tools/mcp-servers/stranger/tools/look_up`);
  await page.getByRole("button", { name: "Call the tool" }).click();
  await page.getByText("Done", { exact: true }).waitFor();
  expect(await page.locator("main").textContent()).toContain(short[0]);
  expect(await made(page)).toEqual([]);
});

test.skipIf(payloads.length === 0)(
  "whatever a customer, a model or a tool said, a conversation and each of its steps show as texts",
  async () => {
    const fresh = await startDesk();
    await makePots(fresh);
    const id = "conversation-0001";
    const events = numbered(hostileStory(all, short.slice(0, 20)));
    const results = { "call-0001": { content: [{ kind: "text", text: all }], structured: { [short[0]!]: all } } } as const;
    const desk = await restart(fresh, (settings) => writeConversations(settings, [{ id, assistant: "pots", events, results }]));
    const page = await openConsole(desk, "/");
    for (const { seq } of events) await visit(page, `${desk.url}/console/inbox/${id}?step=${seq}`);
    await page.getByRole("button", { name: "Show as customer" }).click();
    await page.locator("desk-customer-thread front-desk-turn").first().waitFor();
    expect(await made(page)).toEqual([]);
  },
);
