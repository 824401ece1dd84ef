import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BrowserContext } from "playwright-core";
import { result, scriptedServer, tool, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { runSeed, seededRandom } from "../support/random.ts";
import { waitFor } from "../support/wait-for.ts";
import { attackPayloads } from "../widget/markdown/attack-payloads.ts";
import { splitText } from "../widget/markdown/split-text.ts";
import { type ScriptedModel, type ScriptedStep, startScriptedModel } from "./scripted-model.ts";
import { inspectWidget } from "./inspect-widget.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

const seed = runSeed();
const payloads = attackPayloads();
/** Payloads per question. */
const BATCH = 45;
const BATCHES = Math.ceil(payloads.length / BATCH);
const END = "That was all of it.";

const batch = (index: number): readonly string[] => payloads.slice(index * BATCH, (index + 1) * BATCH);
/** The payloads that fit where a name may stand. */
const SERVER_NAME = payloads.filter(({ length }) => length <= 100).find((payload) => payload.includes("onerror")) ?? payloads[0]!;

/**
 * "tell 2 whole": for each payload of the batch a step whose text is the payload and whose call carries it, as argument
 * and as result. "ask 2": one step with a call for each payload that needs approval, of a tool that is described by it.
 */
function script(question: string, step: number): ScriptedStep {
  const [, order, number = "0", how] = /(tell|ask) (\d+) ?(\w*)/.exec(question) ?? [];
  const chosen = batch(Number(number));
  if (order === "tell" && step < chosen.length) {
    const payload = chosen[step]!;
    const pieces = how === "split" ? splitText(payload, seededRandom(seed + step)) : [payload];
    return { pieces, calls: [{ tool: step % 2 === 0 ? "echo" : "fail", arguments: { text: payload, [payload.slice(0, 200)]: payload } }] };
  }
  if (order === "tell" && step === chosen.length)
    return { pieces: [], calls: chosen.slice(0, 10).map((payload) => ({ tool: payload.slice(0, 60), arguments: { text: payload } })) };
  if (order === "ask" && step === 0) {
    const calls = chosen.map((payload, index) => ({
      tool: `act_${Number(number) * BATCH + index}`,
      arguments: { text: payload, [payload.slice(0, 200)]: payload },
    }));
    return { pieces: ["I would do this."], calls };
  }
  return { pieces: [END], calls: [] };
}

function hostileTools(): Promise<ScriptedServer> {
  const described = payloads.map((payload, index) =>
    tool(`act_${index}`, {
      title: payload,
      description: payload,
      annotations: { title: payload, destructiveHint: true },
      inputSchema: { type: "object", title: payload, properties: { text: { type: "string", title: payload, description: payload } } },
    }),
  );
  return scriptedServer({
    "tools/list": result({ tools: [tool("echo", { title: "Echo" }), tool("fail", { title: "Fail" }), ...described] }),
    "tools/call": (response, message) => {
      const { name, arguments: given } = message.params as { name: string; arguments: { text: string } };
      const { text } = given;
      const content = [
        { type: "text", text },
        { type: "resource", resource: { uri: `data:text/html,${encodeURIComponent(text)}`, mimeType: "text/html", text } },
        { type: "resource_link", uri: "javascript:alert(1)", name: text || "link", title: text, description: text },
        { type: "image", data: Buffer.from(text).toString("base64"), mimeType: "image/svg+xml" },
      ];
      result({ content, isError: name === "fail", structuredContent: { text } })(response, message);
    },
  });
}

let stage: Stage;
let model: ScriptedModel;
let tools: ScriptedServer;
beforeAll(async () => {
  [model, tools] = await Promise.all([startScriptedModel(script), hostileTools()]);
  const permissions = { echo: "always_allow", fail: "always_allow" };
  stage = await openStage({
    environment: { FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "hostile" },
    assistant: {
      name: SERVER_NAME,
      greeting: payloads.join("\n").slice(0, 2000),
      starters: payloads.filter(({ length }) => length > 0 && length <= 200).slice(0, 8),
      connectors: { hostile: { permissions } },
      maxSteps: 100,
      turnTokens: 100_000_000,
      // The model is offered all of them at once.
      toolSearch: { tools: 1_000, windowShare: 1 },
    },
    configure: (configuration) => ({
      ...configuration,
      limits: {
        connectionsPerMinutePerAddress: 10_000,
        requestsPerMinute: 100_000,
        requestsPerMinutePerAddress: 100_000,
        bytesPerMinute: 1e9,
        bytesPerMinutePerAddress: 1e9,
      },
      mcpServers: { hostile: { name: SERVER_NAME, url: tools.url } },
    }),
  });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(async () => {
  await stage.close();
  await Promise.all([model.close(), tools.close()]);
});

interface Watched {
  readonly visit: Visit;
  /** What happened that must not; empty as long as all is well. */
  readonly harm: () => Promise<string[]>;
}

/** A page that is watched: what it asks for, what it opens, what it says, what it leaves in its global scope. */
async function watched(options: Parameters<Stage["visit"]>[1] = {}): Promise<Watched> {
  const seen: string[] = [];
  const home = [stage.demo.shopUrl, stage.demo.deskUrl].map((url) => `${url}/`);
  const visit = await stage.visit("/", {
    ...options,
    prepare: async (context: BrowserContext) => {
      context.on("request", (request) => {
        const address = request.url();
        if (!home.some((start) => address.startsWith(start)) && !address.startsWith(`blob:${stage.demo.shopUrl}/`))
          seen.push(`request ${address}`);
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
  const before = await visit.page.evaluate(() => Object.keys(window));
  const home_ = visit.page.url();
  return {
    visit,
    async harm() {
      const now = await visit.page.evaluate(() => Object.keys(window));
      const added = now.filter((key) => !before.includes(key)).map((key) => `global ${key}`);
      const moved = visit.page.url() === home_ ? [] : [`page ${visit.page.url()}`];
      return [...seen, ...added, ...moved, ...(await inspectWidget(visit.page))];
    },
  };
}

/** As many as a hurried reader may ask for at once; more than a hundred are refused. */
const ROWS_AT_ONCE = 40;

/** Opens every Sources, every row in them and every disclosure, by script: there are hundreds. */
async function openEverything(visit: Visit): Promise<void> {
  await visit.sources.last().waitFor();
  const press = (selector: string, most = Infinity): Promise<number> =>
    visit.log.evaluate(
      (log, [chosen, number]) => {
        const closed = [...log.querySelectorAll<HTMLElement>(chosen)].slice(0, number);
        for (const element of closed) element.click();
        return closed.length;
      },
      [selector, most] as const,
    );
  await press("front-desk-sources > button[aria-expanded=false]");
  while ((await press("front-desk-sources .row[aria-expanded=false]", ROWS_AT_ONCE)) > 0) await waitFor(() => showsWhatIsOpen(visit));
  await press("details:not([open]) > summary");
}

/** Each opened row shows what its call was. */
function showsWhatIsOpen(visit: Visit): Promise<boolean> {
  return visit.log.evaluate((log) => {
    const opened = [...log.querySelectorAll(".row[aria-expanded=true]")].map((row) => row.parentElement);
    return opened.length > 0 && opened.every((row) => row?.querySelector("front-desk-call-details pre") != null);
  });
}

/** The reader goes back to the very beginning. */
async function readAll(visit: Visit): Promise<void> {
  await waitFor(async () => {
    await visit.log.evaluate((log) => log.scrollTo(0, 0));
    return (await visit.log.locator(".greeting").count()) > 0;
  });
}

console.log(`hostile stories: ${payloads.length} payloads, FRONTDESK_SEED=${seed}`);

describe.each([
  { how: "whole", live: true, where: "a page without a policy, then under the strict one" },
  { how: "split", live: false, where: "a page under the strict policy, then without one" },
])(`${payloads.length} payloads, $how, on $where`, ({ how, live }) => {
  test("as text, arguments and results: shown, and harmless", async () => {
    const first = await watched({ bypassCSP: live });
    for (let index = 0; index < BATCHES; index += 1) {
      await first.visit.ask(`tell ${index} ${how}`);
      await waitFor(async () => (await first.visit.answers.filter({ hasText: END }).count()) === index + 1);
      await first.visit.settled();
    }
    await openEverything(first.visit);
    expect(await first.harm()).toEqual([]);
    // Everything was there to do harm: what was to be drawn is drawn.
    const text = (await first.visit.answerTexts()).join("\n");
    expect(text).toContain("<img src=x onerror=alert(1)>");
    expect(await first.visit.log.locator("front-desk-call-details pre").count()).toBeGreaterThan(payloads.length);

    // The same conversation, read back from the journal by another page of the same customer.
    const second = await watched({ bypassCSP: !live, storageState: await first.visit.context.storageState() });
    await readAll(second.visit);
    await openEverything(second.visit);
    expect(await second.harm()).toEqual([]);
  });

  test("as titles, descriptions and arguments of what is to be approved: shown, and harmless", async () => {
    const { visit, harm } = await watched({ bypassCSP: live });
    for (let index = 0; index < BATCHES; index += 1) {
      await visit.ask(`ask ${index} ${how}`);
      await waitFor(async () => (await visit.approve.count()) === batch(index).length);
      await visit.log.evaluate((log) => {
        for (const summary of log.querySelectorAll<HTMLElement>("details:not([open]) > summary")) summary.click();
      });
      expect(await harm()).toEqual([]);
      await visit.log.evaluate(
        (log, chosen) => {
          for (const button of log.querySelectorAll<HTMLElement>(`[part=${chosen}]`)) button.click();
        },
        index % 2 === 0 ? "approve" : "reject",
      );
      await waitFor(async () => (await visit.answers.filter({ hasText: END }).count()) === index + 1);
      await visit.settled();
    }
    await openEverything(visit);
    expect(await harm()).toEqual([]);
    expect(await visit.log.locator("[part=approval-decided]").count()).toBe(payloads.length);
  });

  test("as the customer's own words: shown, and harmless", async () => {
    const { visit, harm } = await watched({ bypassCSP: live });
    const own = payloads.join("\n").slice(0, 7900);
    await visit.ask(own);
    await visit.answered(END);
    expect(await harm()).toEqual([]);
    expect((await visit.said())[0]?.replaceAll(/\s+/gu, " ")).toBe(own.trim().replaceAll(/\s+/gu, " "));
  });
});

test("an attack that works would be seen", async () => {
  const { visit, harm } = await watched({ bypassCSP: true });
  await visit.log.evaluate((log) => {
    log.innerHTML += '<img src="https://evil.example/x" onerror="globalThis.wasHere = true"><a href="javascript:alert(1)">x</a>';
  });
  await waitFor(() => visit.page.evaluate(() => "wasHere" in globalThis));
  const seen = (await harm()).join("\n");
  for (const piece of [
    "request https://evil.example/x",
    "global wasHere",
    "img loads https://evil.example/x",
    "attribute onerror on img",
    "element a",
  ])
    expect(seen).toContain(piece);
});
