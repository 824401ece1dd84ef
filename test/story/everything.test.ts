/**
 * Every tool of the protocol's reference server, used in conversations in the browser; what it asks is answered by a
 * person there.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startEverything } from "../support/mcp-everything.ts";
import { waitFor } from "../support/wait-for.ts";
import { type ScriptedModel, type ScriptedStep, startScriptedModel } from "./scripted-model.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

/** What is called with what, where no person is asked anything. */
const PLAIN: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  echo: { message: "hello" },
  "get-annotated-message": { messageType: "success", includeImage: true },
  "get-env": {},
  "get-resource-links": { count: 2 },
  "get-resource-reference": { resourceType: "Text", resourceId: 1 },
  "get-structured-content": { location: "Chicago" },
  "get-sum": { a: 2, b: 3 },
  "get-tiny-image": {},
  "gzip-file-as-resource": { name: "note.txt.gz", data: "data:text/plain,hello", outputType: "resource" },
  "toggle-simulated-logging": {},
  "toggle-subscriber-updates": {},
  "trigger-long-running-operation": { duration: 0.4, steps: 4 },
  "simulate-research-query": { topic: "kilns", ambiguous: false },
  "trigger-sampling-request": { prompt: "Say hello", maxTokens: 20 },
};
const ASKING = ["trigger-elicitation-request", "trigger-url-elicitation"];
const ADMIN_KEY = "an-admin-key-for-this-story-alone-0123456789";
const SAMPLED = "Hello from the assistant's own model";

/** "use echo {…} and get-sum {…}": calls in one step, then says that they are done. */
function script(question: string, step: number): ScriptedStep {
  if (!question.startsWith("use ")) return { pieces: [SAMPLED], calls: [] };
  const calls = [...question.matchAll(/use (\S+) (\{.*?\})(?= use |$)/g)].map(([, tool = "", input = "{}"]) => ({
    tool,
    arguments: JSON.parse(input) as Record<string, unknown>,
  }));
  return step === 0 ? { pieces: [], calls } : { pieces: [`All ${calls.length} done.`], calls: [] };
}

let stage: Stage;
let model: ScriptedModel;
let server: RunningServer;
beforeAll(async () => {
  [model, server] = await Promise.all([startScriptedModel(script), startEverything("streamableHttp")]);
  stage = await openStage({
    environment: { FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "script", FRONTDESK_ADMIN_KEY: ADMIN_KEY },
    assistant: { connectors: { everything: { permissions: { "*": "always_allow" } } }, trace: "full", turnTokens: 1_000_000 },
    configure: (configuration) => ({
      ...configuration,
      mcpServers: { everything: { name: "Everything", url: server.url, connectTimeoutMs: 20_000, samplingTokens: 500 } },
    }),
  });
});
afterEach(async ({ task }) => expect(await stage.endVisits(task)).toEqual([]));
afterAll(async () => {
  await stage?.close();
  await Promise.all([model?.close(), server?.stop()]);
});

async function arrive(): Promise<Visit> {
  const visit = await stage.visit("/");
  await visit.openPanel();
  return visit;
}

/** How each call of a conversation ended, by its tool, as staff read it. */
async function activity(conversation: string): Promise<Record<string, string>> {
  const response = await fetch(`${stage.demo.deskUrl}/api/v1/activity?conversation=${conversation}&limit=100`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  const { items } = (await response.json()) as { items: { tool: string; outcome: string }[] };
  return Object.fromEntries(items.map(({ tool, outcome }) => [tool, outcome]));
}

const use = (tool: string, input: object): string => `use ${tool} ${JSON.stringify(input)}`;

test("the tables here name every tool that the server has", async () => {
  const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: { form: {}, url: {} }, sampling: {} } });
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)) as Transport);
  // Some appear only once the server knows what its client can do.
  const names = await waitFor(async () => {
    const { tools } = await client.listTools();
    return tools.length >= Object.keys(PLAIN).length + ASKING.length ? tools.map(({ name }) => name) : undefined;
  });
  await client.close();
  expect(names?.toSorted()).toEqual([...Object.keys(PLAIN), ...ASKING].toSorted());
});

test("each of them answers in a conversation", async () => {
  const visit = await arrive();
  const all = Object.entries(PLAIN);
  for (const half of [all.slice(0, 8), all.slice(8)]) {
    await visit.ask(half.map(([tool, input]) => use(tool, input)).join(" "));
    await visit.answered(`All ${half.length} done.`);
    await visit.log.getByRole("button", { name: `Sources (${half.length})` }).waitFor();
  }
  const outcomes = await activity(await visit.conversationId());
  expect(outcomes).toEqual(Object.fromEntries(all.map(([tool]) => [tool, "ok"])));
});

describe("what it asks is asked in the thread", () => {
  test("a form of every kind of field", async () => {
    const visit = await arrive();
    await visit.ask(use("trigger-elicitation-request", {}));
    const form = visit.log.getByRole("group", { name: "Everything asks" });
    await form.waitFor();
    await visit.page.reload();
    await form.waitFor();
    await form.getByRole("textbox", { name: "String", exact: true }).fill("Ada");
    await form.getByRole("button", { name: "Submit" }).click();
    await visit.answered("All 1 done.");
    await visit.sources.click();
    await visit.log.getByText(/Answered by you/).waitFor();
  });

  test("a page: its whole address, and it opens on the press", async () => {
    const visit = await arrive();
    const url = `${stage.demo.shopUrl}/orders?paying=for%20it`;
    await visit.ask(use("trigger-url-elicitation", { url, message: "Pay here" }));
    await visit.log.getByText("Pay here", { exact: true }).waitFor();
    const opened = visit.context.waitForEvent("page");
    await visit.log.getByRole("button", { name: "Open page" }).click();
    expect((await opened).url()).toBe(url);
    await visit.answered("All 1 done.");
  });

  test("declined, the call goes on without it", async () => {
    const visit = await arrive();
    await visit.ask(use("trigger-elicitation-request", {}));
    await visit.log.getByRole("button", { name: "Decline" }).click();
    await visit.answered("All 1 done.");
    await visit.log.getByText(/Declined by you/).waitFor();
  });
});
