/** The chat offers itself to the browser's assistant: in Chromium with its own WebMCP, and with the polyfill. */
import { fileURLToPath } from "node:url";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

const POLYFILL = fileURLToPath(new URL("index.iife.js", import.meta.resolve("@mcp-b/webmcp-polyfill")));

interface Context extends EventTarget {
  getTools(): Promise<readonly { readonly name: string; readonly annotations?: Readonly<Record<string, boolean>> }[]>;
  executeTool(tool: object, input: unknown, options?: { signal: AbortSignal }): Promise<string>;
}
type WithContext = Document & { readonly modelContext: Context };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ launch: () => launchBrowser(["--enable-features=WebMCP"]) });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

/** The owner's tag says which tools are offered. */
const offering =
  (said: string, isPolyfilled: boolean) =>
  async (context: BrowserContext): Promise<void> => {
    if (isPolyfilled) {
      await context.addInitScript(() => {
        Reflect.deleteProperty(Document.prototype, "modelContext");
        Reflect.deleteProperty(globalThis, "ModelContext");
      });
      await context.addInitScript({ path: POLYFILL });
    }
    await context.addInitScript((tools) => {
      new MutationObserver(() => document.querySelector("script[data-assistant]")?.setAttribute("data-offer-tools", tools)).observe(
        document,
        { childList: true, subtree: true },
      );
    }, said);
  };

const offered = ({ page }: Visit): Promise<string[]> =>
  page.evaluate(async () => (await (document as WithContext).modelContext.getTools()).map(({ name }) => name).toSorted());

/** Calls a tool as the browser does, or, where the arguments have to be a text, as the polyfill wants it. */
const call = ({ page }: Visit, name: string, input: object, abortAfter?: string): Promise<unknown> =>
  page.evaluate(
    async ([tool, given, sign]) => {
      const { modelContext } = document as WithContext;
      const found = (await modelContext.getTools()).find((one) => one.name === tool)!;
      const stop = new AbortController();
      const isNative = "ModelContext" in globalThis && String(modelContext.executeTool).includes("native code");
      const running = modelContext.executeTool(found, isNative ? given : JSON.stringify(given), { signal: stop.signal });
      const root = document.querySelector("front-desk")!.shadowRoot!;
      if (sign !== undefined) {
        const look = (): unknown => (root.querySelector(sign) ? stop.abort() : requestAnimationFrame(look));
        look();
      }
      return running.then(
        // Words come as they are, all else as JSON.
        (text) => (text.startsWith("{") ? (JSON.parse(text) as unknown) : text),
        (error: Error) => error.name,
      );
    },
    [name, input, abortAfter] as const,
  );

describe.each([
  ["Chromium's own WebMCP", false],
  ["the polyfill", true],
])("with %s", (_, isPolyfilled) => {
  const visit = async (path = "/", said = "*"): Promise<Visit> => {
    const visited = await stage.visit(path, { prepare: offering(said, isPolyfilled) });
    if (!isPolyfilled) expect(await visited.page.evaluate(() => "modelContext" in document)).toBe(true);
    return visited;
  };

  test("both tools are there before anybody presses, and gone with the chat", async () => {
    const visited = await visit();
    await expect.poll(() => offered(visited)).toEqual(["ask_assistant", "open_chat"]);
    const hints = await visited.page.evaluate(async () => {
      const tools = await (document as WithContext).modelContext.getTools();
      return Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations?.["untrustedContentHint"]]));
    });
    expect(hints).toEqual({ open_chat: false, ask_assistant: true });
    await visited.page.evaluate(() => document.querySelector("front-desk")!.remove());
    await expect.poll(() => offered(visited)).toEqual([]);
  });

  test("the chat is opened with a draft, which nothing sends, and which replaces no words", async () => {
    const visited = await visit("/", "open_chat");
    await expect.poll(() => offered(visited)).toEqual(["open_chat"]);
    expect(await call(visited, "open_chat", { draft: "Where is order 1042?" })).toMatch(/with the draft/);
    expect(await visited.message.inputValue()).toBe("Where is order 1042?");
    expect(await call(visited, "open_chat", { draft: "Another" })).toMatch(/left out/);
    expect(await visited.message.inputValue()).toBe("Where is order 1042?");
    expect(await visited.bubbles.count()).toBe(0);
    await visited.send.click();
    await visited.answered("The parcel is with Heron Post");
  });

  test("what is asked is in the thread, marked, and answered; a decision stays with the person", async () => {
    const orderId = stage.newOrder();
    const visited = await visit(`/orders/${orderId}`);
    await expect.poll(() => offered(visited)).toContain("ask_assistant");
    const answer = (await call(visited, "ask_assistant", { message: `Where is order ${orderId}?` })) as { answer: string };
    expect(answer).toMatchObject({ status: "answered" });
    expect(answer.answer).toContain("Heron Post");
    await visited.log.getByText("Sent by your browser's assistant").waitFor();
    expect(await visited.said()).toEqual([`Where is order ${orderId}?`]);

    const waits = await call(visited, "ask_assistant", { message: `Refund order ${orderId}` });
    expect(waits).toMatchObject({ status: "waits-for-decision" });
    await visited.card(orderId).waitFor();
    await visited.approve.click();
    await visited.decided(/Approved/).waitFor();

    await visited.page.reload();
    await expect.poll(() => visited.log.getByText("Sent by your browser's assistant").count()).toBe(2);
  });

  test("the chat does not take its own tools for the page's", async () => {
    const visited = await visit();
    await expect.poll(() => offered(visited)).toEqual(["ask_assistant", "open_chat"]);
    const frames: string[] = [];
    visited.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => void frames.push(String(payload))));
    await visited.page.evaluate(async () => {
      const { modelContext } = document as unknown as { modelContext: { registerTool(tool: object): unknown } };
      await modelContext.registerTool({ name: "search", description: "Finds.", execute: () => "nothing" });
      document.querySelector("front-desk")!.setAttribute("pagetools", "*");
    });
    await visited.openPanel();
    await expect.poll(() => frames.filter((frame) => frame.includes("page-tools-offer")).join()).toContain('"search"');
    expect(frames.join()).not.toContain('"ask_assistant"');
  });
});

test("the signal stops the answer", async () => {
  const visited = await stage.visit("/", { prepare: offering("*", false) });
  await expect.poll(() => offered(visited)).toContain("ask_assistant");
  const orderId = stage.newOrder();
  expect(await call(visited, "ask_assistant", { message: `Track order ${orderId}` }, "[part=stop]")).toBe("AbortError");
  await visited.log.getByText("Stopped").waitFor();
});

test("without the owner's word nothing is offered, and nothing more is loaded", async () => {
  const visited = await stage.visit("/");
  const loaded: string[] = [];
  visited.page.on("request", (request) => void loaded.push(request.url()));
  await visited.openPanel();
  expect(await offered(visited)).toEqual([]);
  expect(loaded.filter((url) => url.includes("own-tools"))).toEqual([]);
});
