/** What the demo fills the console with, over the REST API and the customers' line. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillDemo } from "../../demo/fill/fill-demo.ts";
import { StaffApi } from "../../demo/fill/staff-api.ts";
import { type Demo, startDemo } from "../../demo/start/start-demo.ts";

const KEY = "k".repeat(64);
let folder: string;
let demo: Demo;
let api: StaffApi;

async function start(): Promise<{ readonly password: string; readonly emails: readonly string[] }> {
  demo = await startDemo({ dataDirectory: folder, tokensPerSecond: 0, firstTokenMs: 0, environment: { FRONTDESK_ADMIN_KEY: KEY } });
  api = StaffApi.ofKey(demo.deskUrl, KEY);
  const { filled, ...accounts } = await fillDemo({ ...demo, adminKey: KEY, dataDirectory: folder });
  await filled;
  return accounts;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-demo-"));
});
afterAll(async () => {
  await demo.stop();
  await rm(folder, { recursive: true, force: true });
});

const LISTS = ["people", "groups", "api-keys", "mcp-servers", "http-tools", "assistants", "conversations", "canned-replies"] as const;
const counts = () => Promise.all(LISTS.map(async (list) => [list, (await api.list(`/${list}?limit=200`)).length]));

/** The types and outcomes of what happened in a conversation. */
async function ends(): Promise<readonly string[]> {
  const conversations = await api.list("/conversations?limit=200");
  const journals = await Promise.all(conversations.map(({ id }) => api.list(`/conversations/${String(id)}/events?limit=200`)));
  return journals.map((events) => {
    const decided = events.find(({ type }) => type === "approval-decided")?.["decision"];
    const outcome = events.findLast(({ type }) => type === "tool-call-ended")?.["outcome"];
    return String(decided ?? (events.at(-1)?.["type"] === "turn-ended" ? outcome : events.at(-1)?.["type"]));
  });
}

test("three accounts can sign in, and everything is there, in several states", async () => {
  const { emails, password } = await start();
  expect(emails).toEqual(["admin@lull.example", "owner@lull.example", "support@lull.example"]);
  for (const email of emails) expect(await StaffApi.ofPerson(demo.deskUrl, email, password), email).toBeDefined();
  expect([...new Set(await ends())].toSorted()).toEqual([
    "approval-requested",
    "feedback-given",
    "handed-back",
    "ok",
    "person-asked",
    "rejected",
    "unknown",
    "voice-call-ended",
  ]);
  const known = (await api.list("/conversations?limit=200")).filter(({ verified }) => verified === true);
  expect(known).toMatchObject([{ customerName: "Anna Berg" }]);
  expect(await api.list("/canned-replies")).toHaveLength(2);
  const servers = await api.list("/mcp-servers");
  const state = (key: string) => servers.find((server) => server["key"] === key);
  expect(state("old_stock")).toMatchObject({ status: { status: "disconnected" } });
  expect(state("desk_orders")).toMatchObject({ status: { status: "connected" }, shares: { groups: 1 } });
  expect(state("catalogue")).toMatchObject({ tools: { changed: 1 } });
  const assistants = await api.list("/assistants");
  expect(assistants.find(({ key }) => key === "returns")).toMatchObject({ version: 2, hasDraft: true });
  expect(assistants.find(({ key }) => key === "wholesale")).toMatchObject({ owner: { kind: "person", name: "Jonas Weber" } });
});

test("at the next start nothing is there twice, and all follows the demo to its new addresses", async () => {
  const before = await counts();
  await demo.stop();
  const { emails, password } = await start();
  expect(await counts()).toEqual(before);
  expect(await StaffApi.ofPerson(demo.deskUrl, emails[0]!, password)).toBeDefined();
  const assistants = await api.list("/assistants");
  expect(assistants.find(({ key }) => key === "returns")).toMatchObject({
    model: { baseUrl: `${demo.modelUrl}/v1` },
    allowedOrigins: [demo.shopUrl, demo.shopUrl.replace("127.0.0.1", "localhost")],
  });
  const servers = await api.list("/mcp-servers");
  expect(servers.find(({ key }) => key === "desk_orders")).toMatchObject({ status: { status: "connected" } });
  expect(servers.find(({ key }) => key === "catalogue")).toMatchObject({ tools: { changed: 1 } });
});
