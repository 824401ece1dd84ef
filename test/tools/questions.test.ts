import { afterEach, describe, expect, it } from "vitest";
import type { InputAnswer, InputRequest, SamplingRequest, ToolResult } from "../../server/conversation/ports/tools.ts";
import type { RemoteServerSettings } from "../../server/tools/mcp/servers/settings.ts";
import { askingServer, told, type AskingCall, type ClientAnswer } from "../support/mcp-asking-server.ts";
import { callContext, testHost, toolOf, type TestHost } from "../support/mcp-host.ts";
import { eventStream, type Answer, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { waitFor } from "../support/wait-for.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const FORM = { type: "object", properties: { name: { type: "string", maxLength: 5 } }, required: ["name"] };
const ask = (call: AskingCall, more: object = {}): Promise<ClientAnswer> =>
  call.ask("elicitation/create", { message: "Who?", requestedSchema: FORM, ...more });

async function start(
  act: (call: AskingCall) => Promise<object>,
  more: { settings?: Partial<RemoteServerSettings>; script?: Record<string, Answer> } = {},
): Promise<{
  host: TestHost;
  server: ScriptedServer;
  act: (context?: Parameters<typeof callContext>[0], input?: Record<string, unknown>) => Promise<ToolResult>;
}> {
  const server = await askingServer(act, more.script);
  const host = testHost([{ key: "shop", name: "Shop", url: server.url, ...more.settings }]);
  open.push(server, host);
  return { host, server, act: async (context, input = {}) => toolOf(await host.open(), "shop__act").call(input, callContext(context)) };
}

const textOf = ({ content }: ToolResult): unknown => JSON.parse(content[0]?.kind === "text" ? content[0].text : "null");
const answer = (action: InputAnswer["action"], content?: InputAnswer["content"]) => async (): Promise<InputAnswer> => ({
  kind: "input",
  action,
  ...(content === undefined ? {} : { content }),
});

describe("a question during a call", () => {
  it("is asked once, with its fields, and the server hears the answer", async () => {
    const asked: InputRequest[] = [];
    const { act } = await start(async (call) => told((await ask(call)).result));
    const done = await act({
      ask: async (request) => {
        asked.push(request);
        return { kind: "input", action: "accept", content: { name: "Ada" } };
      },
    });
    expect(asked).toEqual([
      { kind: "form", message: "Who?", fields: [{ kind: "text", name: "name", title: "name", required: true, maxLength: 5 }] },
    ]);
    expect(textOf(done)).toEqual({ action: "accept", content: { name: "Ada" } });
  });

  it("is declined or put away as the person does, and an answer that does not fit is none", async () => {
    const { act } = await start(async (call) => told((await ask(call)).result));
    expect(textOf(await act({ ask: answer("decline") }))).toEqual({ action: "decline" });
    expect(textOf(await act({ ask: answer("cancel") }))).toEqual({ action: "cancel" });
    expect(textOf(await act({ ask: answer("accept", { name: "much too long" }) }))).toEqual({ action: "cancel" });
    expect(textOf(await act({ ask: answer("accept", { name: "Ada", more: "x" }) }))).toEqual({ action: "cancel" });
  });

  it("that asks for a secret, or in a way that cannot be shown, is declined, nobody sees it, and staff can read why", async () => {
    const refused = [
      { requestedSchema: { type: "object", properties: { password: { type: "string" } } } },
      { requestedSchema: { type: "object", properties: { deep: { type: "object", properties: {} } } } },
      { requestedSchema: { type: "object", properties: { a: { $ref: "http://127.0.0.1:9/x.json" } } } },
      { mode: "url", url: "javascript:alert(1)", elicitationId: "1", requestedSchema: undefined },
    ];
    const { act, host } = await start(async (call) =>
      told((await ask(call, refused[Number(call.arguments["at"])])).result ?? { action: "decline" }),
    );
    for (const at of refused.keys()) {
      const done = await act({ ask: () => Promise.reject(new Error("somebody was asked")) }, { at });
      expect(textOf(done)).toEqual({ action: "decline" });
    }
    expect(host.warnings.filter(({ cause }) => typeof cause === "string").length).toBeGreaterThanOrEqual(2);
  });

  it("does not cost the call its time, and the server's own silence still does", async () => {
    const { act, host } = await start(
      async (call) => {
        await ask(call);
        if (call.arguments["silent"] === true) await new Promise(() => undefined);
        return told("done");
      },
      { settings: { callTimeoutMs: 60_000 } },
    );
    let asked = 0;
    const slow = async (): Promise<InputAnswer> => {
      asked += 1;
      host.advance(3_600_000);
      return { kind: "input", action: "decline" };
    };
    expect((await act({ ask: slow })).outcome).toBe("ok");
    const silent = act({ ask: slow }, { silent: true });
    let over = false;
    void silent.then(() => (over = true));
    await waitFor(() => asked === 2);
    await waitFor(() => {
      host.advance(61_000);
      return over;
    });
    expect((await silent).outcome).toBe("unknown");
  });

  it("belongs to the call on whose stream it comes, when several run", async () => {
    const { act } = await start(async (call) => told((await ask(call, { message: String(call.arguments["name"]) })).result));
    const names = ["Ada", "Bea", "Cid"];
    const done = await Promise.all(
      names.map((name) =>
        act(
          {
            callId: name,
            ask: async (request) => ({ kind: "input", action: "accept", content: { name: request.message === name ? name : "wrong" } }),
          },
          { name },
        ),
      ),
    );
    expect(done.map(textOf)).toEqual(names.map((name) => ({ action: "accept", content: { name } })));
  });

  it("is declined when no call runs", async () => {
    const answers: ClientAnswer[] = [];
    let push: ((message: unknown) => void) | undefined;
    const { act } = await start(async () => told("done"), {
      script: {
        GET: (response) => {
          push = eventStream(response);
        },
        POST: (response, message) => {
          answers.push(message as ClientAnswer);
          response.writeHead(202).end();
        },
      },
    });
    await act();
    await waitFor(() => push !== undefined);
    push?.({ jsonrpc: "2.0", id: "q", method: "elicitation/create", params: { message: "Who?", requestedSchema: FORM } });
    await waitFor(() => answers.length > 0);
    expect(answers[0]?.result).toEqual({ action: "decline" });
  });

  it("that comes a thousand times is asked twenty times", async () => {
    let asked = 0;
    const { act, host } = await start(async (call) => {
      for (let time = 0; time < 300; time += 1) await ask(call);
      return told("done");
    });
    const done = await act({
      ask: async () => {
        asked += 1;
        return { kind: "input", action: "decline" };
      },
    });
    expect(done.outcome).toBe("ok");
    expect(asked).toBe(20);
    expect(host.warnings.filter(({ cause }) => String(cause).includes("more than 20"))).toHaveLength(1);
  });

  it("that cannot be asked fills no log, however often it comes", async () => {
    const { act, host } = await start(async (call) => {
      for (let time = 0; time < 300; time += 1) await ask(call, { message: `Your password, please (${time})` });
      return told("done");
    });
    expect((await act()).outcome).toBe("ok");
    expect(host.warnings.length).toBeLessThan(30);
  });

  it("that never ends is ended by Stop", async () => {
    const stop = new AbortController();
    let asked = 0;
    const { act } = await start(async (call) => {
      for (;;) await ask(call);
    });
    const done = await act({
      signal: stop.signal,
      ask: async () => {
        asked += 1;
        if (asked === 3) stop.abort("stop");
        return { kind: "input", action: "decline" };
      },
    });
    expect(done.outcome).toBe("cancelled");
    expect(asked).toBe(3);
  });

  it("with something in its answer that would change every object is none", async () => {
    const { act } = await start(async (call) => told((await ask(call)).result));
    const content = JSON.parse('{"name":"Ada","__proto__":{"polluted":true}}') as Record<string, string>;
    expect(textOf(await act({ ask: answer("accept", content) }))).toEqual({ action: "cancel" });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("pages that a server wants visited before a call", () => {
  const wants = (url: string): object => ({
    code: -32042,
    message: "Visit first",
    data: { elicitations: [{ mode: "url", message: "Link your account", url, elicitationId: "visit-1" }] },
  });

  it("are opened, the server's word is waited for, and the call is sent again", async () => {
    let visited = false;
    let calls = 0;
    const { act, server } = await start(
      async (call) => {
        calls += 1;
        if (!visited) throw wants("https://shop.example/link");
        return told(call.arguments);
      },
      {
        script: {
          GET: (response) => {
            const push = eventStream(response);
            const wait = setInterval(() => {
              if (visited) push({ jsonrpc: "2.0", method: "notifications/elicitation/complete", params: { elicitationId: "visit-1" } });
            }, 10);
            response.on("close", () => clearInterval(wait));
          },
        },
      },
    );
    const asked: InputRequest[] = [];
    const done = await act(
      {
        ask: async (request) => {
          asked.push(request);
          visited = true;
          return { kind: "input", action: "accept" };
        },
      },
      { order: 1 },
    );
    expect(asked).toEqual([{ kind: "url", message: "Link your account", url: "https://shop.example/link" }]);
    expect(textOf(done)).toEqual({ order: 1 });
    expect(calls).toBe(2);
    expect(server.count("tools/call")).toBe(2);
  });

  it("and are not opened: the call certainly was not carried out", async () => {
    const { act, server } = await start(async () => {
      throw wants("https://shop.example/link");
    });
    expect(await act({ ask: answer("decline") })).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("not opened") as string,
    });
    expect(server.count("tools/call")).toBe(1);
  });

  it("that cannot be shown end the call, and so do pages without an end", async () => {
    const bad = await start(async () => {
      throw wants("javascript:alert(1)");
    });
    expect((await bad.act({ ask: () => Promise.reject(new Error("somebody was asked")) })).outcome).toBe("failed");
    const endless = await start(async () => {
      throw wants("https://shop.example/link");
    });
    let asked = 0;
    const done = await endless.act({
      ask: async () => {
        asked += 1;
        setTimeout(() => endless.host.advance(6_000), 5);
        return { kind: "input", action: "accept" };
      },
    });
    expect(done.outcome).toBe("failed");
    expect(asked).toBeLessThanOrEqual(20);
  });
});

describe("a server that wants our model to say something", () => {
  const params = { messages: [{ role: "user", content: { type: "text", text: "Hello" } }], systemPrompt: "Be kind", maxTokens: 10 };
  const sample =
    (more: object = {}) =>
    async (call: AskingCall): Promise<object> =>
      told(await call.ask("sampling/createMessage", { ...params, ...more }));

  it("is told that there is no such thing, unless an admin allowed it", async () => {
    const { act, server } = await start(sample());
    expect(textOf(await act())).toMatchObject({ error: { code: -32601 } });
    const initialize = server.requests.find(({ message }) => message?.method === "initialize");
    expect(initialize?.message?.params?.["capabilities"]).not.toHaveProperty("sampling");
    expect(initialize?.message?.params?.["capabilities"]).not.toHaveProperty("roots");
  });

  it("gets a text within its budget", async () => {
    const asked: SamplingRequest[] = [];
    const { act } = await start(sample(), { settings: { samplingTokens: 100 } });
    const done = await act({
      sample: async (request) => {
        asked.push(request);
        return { kind: "sampled", model: "ours", text: "Hi", stopReason: "endTurn" };
      },
    });
    expect(asked).toEqual([
      { kind: "sampling", system: "Be kind", messages: [{ role: "user", text: "Hello" }], maxTokens: 10, tokenBudget: 100 },
    ]);
    expect(textOf(done)).toMatchObject({
      result: { role: "assistant", content: { type: "text", text: "Hi" }, model: "ours", stopReason: "endTurn" },
    });
  });

  it.each([
    ["a picture", { messages: [{ role: "user", content: { type: "image", data: "AA==", mimeType: "image/png" } }] }],
    ["more than a book", { messages: [{ role: "user", content: { type: "text", text: "x".repeat(300_000) } }] }],
  ])("is refused with %s", async (_, more) => {
    const { act } = await start(sample(more), { settings: { samplingTokens: 100 } });
    const done = await act({ sample: () => Promise.reject(new Error("the model was asked")) });
    expect(textOf(done)).toMatchObject({ error: { code: -1 } });
  });

  it("hears why it was refused", async () => {
    const { act } = await start(sample(), { settings: { samplingTokens: 100 } });
    const done = await act({ sample: async () => ({ kind: "refused", cause: "the budget is spent" }) });
    expect(textOf(done)).toMatchObject({ error: { code: -1, message: expect.stringContaining("the budget is spent") as string } });
  });

  it("finds no roots", async () => {
    const { act } = await start(async (call) => told(await call.ask("roots/list", {})));
    expect(textOf(await act())).toMatchObject({ error: { code: -32601 } });
  });
});
