/**
 * Hostile words in all that a server may ask a customer: messages, fields, explanations, choices, defaults and
 * addresses, drawn live and read back.
 */
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { namesSecret, asksForSecret } from "../../server/tools/mcp/questions/sensitive-field.ts";
import { answering, modernResult, modernScriptedServer } from "../support/mcp-modern-script.ts";
import { tool, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { attackPayloads } from "../widget/markdown/attack-payloads.ts";
import { type ScriptedModel, type ScriptedStep, startScriptedModel } from "./scripted-model.ts";
import { inspectWidget } from "./inspect-widget.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

/**
 * Those that a form may carry at all: one that asks for a secret is refused whole, and one that is too long is too long
 * for a field.
 */
const payloads = attackPayloads().filter((payload) => payload.length <= 1_000 && !namesSecret(payload) && !asksForSecret(payload));
const SERVER_NAME = payloads.find((payload) => payload.length <= 100 && payload.includes("onerror")) ?? payloads[0]!;
const END = "That was all of it.";
const FIELDS = 25;
const FORMS = Math.ceil(payloads.length / FIELDS);
const ADDRESSES = [
  "https://shop.example/<img src=x onerror=alert(1)>?a=\"><script>alert(1)</script>#'><svg onload=alert(1)>",
  "https://аррӏе.example/",
  `https://shop.example/${"long/".repeat(700)}`,
  "https://shop.example/\u0627\u0644\u0639\u0631\u0628\u064A\u0629?x=%E2%80%AEmoc.live",
  "http://127.0.0.1:9/admin",
];
const REFUSED = ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://shop.example@evil.example/", "vbscript:x"];

function form(number: number): object {
  const chosen = payloads.slice(number * FIELDS, (number + 1) * FIELDS);
  const properties = Object.fromEntries(chosen.map((payload, at) => [`field_${at}`, field(payload, at)]));
  return question({ mode: "form", message: chosen[0], requestedSchema: { type: "object", properties } });
}

function field(payload: string, at: number): object {
  const words = { title: payload, description: payload };
  if (at % 4 === 1) return { type: "string", ...words, oneOf: [{ const: payload, title: payload }], default: payload };
  if (at % 4 === 2) return { type: "array", ...words, items: { type: "string", enum: [payload, "other"] }, default: [payload] };
  return at % 4 === 3 ? { type: "boolean", ...words } : { type: "string", ...words, default: payload };
}

function question(params: object): object {
  return { method: "elicitation/create", params };
}

const pages = [...ADDRESSES, ...REFUSED].map((url) => question({ mode: "url", message: SERVER_NAME, url, elicitationId: url }));

function asking(): Promise<ScriptedServer> {
  return modernScriptedServer({
    "tools/list": modernResult({ tools: [tool("ask", { title: SERVER_NAME })] }),
    "tools/call": answering(({ inputResponses, requestState }) => {
      if (inputResponses !== undefined) return { content: [{ type: "text", text: JSON.stringify({ inputResponses, requestState }) }] };
      const forms = Array.from({ length: FORMS }, (_, number) => [`form-${number}`, form(number)]);
      const asked = [...forms, ...pages.map((page, at) => [`page-${at}`, page])];
      return { resultType: "input_required", inputRequests: Object.fromEntries(asked), requestState: SERVER_NAME };
    }),
  });
}

const script = (_question: string, step: number): ScriptedStep =>
  step === 0 ? { pieces: ["Let me see."], calls: [{ tool: "ask", arguments: {} }] } : { pieces: [END], calls: [] };

let stage: Stage;
let model: ScriptedModel;
let server: ScriptedServer;
beforeAll(async () => {
  [model, server] = await Promise.all([startScriptedModel(script), asking()]);
  stage = await openStage({
    environment: { FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "hostile" },
    assistant: { connectors: { hostile: { permissions: { ask: "always_allow" } } } },
    configure: (configuration) => ({
      ...configuration,
      limits: {
        connectionsPerMinutePerAddress: 10_000,
        requestsPerMinute: 100_000,
        requestsPerMinutePerAddress: 100_000,
        bytesPerMinute: 1e9,
        bytesPerMinutePerAddress: 1e9,
      },
      mcpServers: { hostile: { name: SERVER_NAME, url: server.url } },
    }),
  });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(async () => {
  await stage.close();
  await Promise.all([model.close(), server.close()]);
});

/** What happened on the page that must not; empty as long as all is well. */
async function watched(options: Parameters<Stage["visit"]>[1] = {}): Promise<{ visit: Visit; harm: () => Promise<string[]> }> {
  const seen: string[] = [];
  const home = [stage.demo.shopUrl, stage.demo.deskUrl].map((url) => `${url}/`);
  const visit = await stage.visit("/", {
    bypassCSP: true,
    ...options,
    prepare: async (context: BrowserContext) => {
      context.on("request", (request) => {
        if (!home.some((start) => request.url().startsWith(start))) seen.push(`request ${request.url()}`);
      });
      context.on("dialog", (dialog) => {
        seen.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
    },
  });
  visit.context.on("page", (page) => void seen.push(`window ${page.url()}`));
  await visit.openPanel().catch(() => undefined);
  await visit.message.waitFor();
  return { visit, harm: async () => [...seen, ...(await inspectWidget(visit.page))] };
}

test(`${payloads.length} payloads as questions of a server: shown, harmless, and answered once`, async () => {
  const { visit, harm } = await watched();
  await visit.ask("Ask me.");
  const forms = visit.log.locator("front-desk-form .card");
  const addresses = visit.log.locator("front-desk-page .address");
  await waitFor(async () => (await forms.count()) === FORMS);
  await waitFor(async () => (await addresses.count()) === ADDRESSES.length);
  expect(await harm()).toEqual([]);
  const shown = await addresses.allTextContents();
  expect(shown[1]).toContain("https://xn--");
  for (const address of shown) expect(address).toMatch(/^https?:\/\//);

  // The same, read back from the journal.
  const again = await watched({ storageState: await visit.context.storageState() });
  await waitFor(async () => (await again.visit.log.locator("front-desk-form .card").count()) === FORMS);
  expect(await again.harm()).toEqual([]);

  // Two tabs answer everything at once.
  const press = (one: Visit, part: string) =>
    one.log.evaluate((log, chosen) => {
      for (const button of log.querySelectorAll<HTMLElement>(chosen)) button.click();
    }, part);
  await Promise.all([press(visit, "front-desk-form [part=accept]"), press(again.visit, "front-desk-form [part=decline]")]);
  await Promise.all([press(visit, "front-desk-page [part=decline]"), press(again.visit, "front-desk-page .link")]);
  await visit.answered(END);
  expect(server.count("tools/call")).toBe(2);
  expect(await harm()).toEqual([]);
  expect(await again.harm()).toEqual([]);
  const last = server.requests.findLast(({ message }) => message?.method === "tools/call")?.message?.params;
  expect(last?.["requestState"]).toBe(SERVER_NAME);
  expect(Object.keys(last?.["inputResponses"] ?? {})).toHaveLength(FORMS + pages.length);
});
