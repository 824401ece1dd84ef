import { describe, expect, it } from "vitest";
import type { InputAnswer, InputRequest } from "../../../../server/conversation/ports/tools.ts";
import { answering, askingHost, saidIn } from "../../../support/mcp-asking-host.ts";
import { told, type AskingCall, type ClientAnswer } from "../../../support/mcp-asking-server.ts";
import { eventStream } from "../../../support/mcp-scripted-server.ts";
import { waitFor } from "../../../support/wait-for.ts";

const FORM = { type: "object", properties: { name: { type: "string", maxLength: 5 } }, required: ["name"] };
const ask = (call: AskingCall, more: object = {}): Promise<ClientAnswer> =>
  call.ask("elicitation/create", { message: "Who?", requestedSchema: FORM, ...more });

describe("a question during a call", () => {
  it("is asked once, with its fields, and the server hears the answer", async () => {
    const asked: InputRequest[] = [];
    const { act } = await askingHost(async (call) => told((await ask(call)).result));
    const done = await act({
      ask: async (request) => {
        asked.push(request);
        return { kind: "input", action: "accept", content: { name: "Ada" } };
      },
    });
    expect(asked).toEqual([
      { kind: "form", message: "Who?", fields: [{ kind: "text", name: "name", title: "name", required: true, maxLength: 5 }] },
    ]);
    expect(saidIn(done)).toEqual({ action: "accept", content: { name: "Ada" } });
  });

  it("is declined or put away as the person does, and an answer that does not fit is none", async () => {
    const { act } = await askingHost(async (call) => told((await ask(call)).result));
    expect(saidIn(await act({ ask: answering("decline") }))).toEqual({ action: "decline" });
    expect(saidIn(await act({ ask: answering("cancel") }))).toEqual({ action: "cancel" });
    expect(saidIn(await act({ ask: answering("accept", { name: "much too long" }) }))).toEqual({ action: "cancel" });
    expect(saidIn(await act({ ask: answering("accept", { name: "Ada", more: "x" }) }))).toEqual({ action: "cancel" });
  });

  it("that asks for a secret, or in a way that cannot be shown, is declined, nobody sees it, and staff can read why", async () => {
    const refused = [
      { requestedSchema: { type: "object", properties: { password: { type: "string" } } } },
      { requestedSchema: { type: "object", properties: { deep: { type: "object", properties: {} } } } },
      { requestedSchema: { type: "object", properties: { a: { $ref: "http://127.0.0.1:9/x.json" } } } },
      { mode: "url", url: "javascript:alert(1)", elicitationId: "1", requestedSchema: undefined },
    ];
    const { act, host } = await askingHost(async (call) =>
      told((await ask(call, refused[Number(call.arguments["at"])])).result ?? { action: "decline" }),
    );
    for (const at of refused.keys()) {
      const done = await act({ ask: () => Promise.reject(new Error("somebody was asked")) }, { at });
      expect(saidIn(done)).toEqual({ action: "decline" });
    }
    expect(host.warnings.filter(({ cause }) => typeof cause === "string").length).toBeGreaterThanOrEqual(2);
  });

  it("does not cost the call its time, and the server's own silence still does", async () => {
    const { act, host } = await askingHost(
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
    const { act } = await askingHost(async (call) => told((await ask(call, { message: String(call.arguments["name"]) })).result));
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
    expect(done.map(saidIn)).toEqual(names.map((name) => ({ action: "accept", content: { name } })));
  });

  it("is declined when no call runs", async () => {
    const answers: ClientAnswer[] = [];
    let push: ((message: unknown) => void) | undefined;
    const { act } = await askingHost(async () => told("done"), {
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
    const { act, host } = await askingHost(async (call) => {
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
    const { act, host } = await askingHost(async (call) => {
      for (let time = 0; time < 300; time += 1) await ask(call, { message: `Your password, please (${time})` });
      return told("done");
    });
    expect((await act()).outcome).toBe("ok");
    expect(host.warnings.length).toBeLessThan(30);
  });

  it("that never ends is ended by Stop", async () => {
    const stop = new AbortController();
    let asked = 0;
    const { act } = await askingHost(async (call) => {
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
    const { act } = await askingHost(async (call) => told((await ask(call)).result));
    const content = JSON.parse('{"name":"Ada","__proto__":{"polluted":true}}') as Record<string, string>;
    expect(saidIn(await act({ ask: answering("accept", content) }))).toEqual({ action: "cancel" });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
