import { describe, expect, it } from "vitest";
import type { SamplingRequest } from "../../../../server/conversation/ports/tools.ts";
import { askingHost, saidIn } from "../../../support/mcp-asking-host.ts";
import { told, type AskingCall } from "../../../support/mcp-asking-server.ts";

describe("a server that wants our model to say something", () => {
  const params = { messages: [{ role: "user", content: { type: "text", text: "Hello" } }], systemPrompt: "Be kind", maxTokens: 10 };
  const sample =
    (more: object = {}) =>
    async (call: AskingCall): Promise<object> =>
      told(await call.ask("sampling/createMessage", { ...params, ...more }));

  it("is told that there is no such thing, unless an admin allowed it", async () => {
    const { act, server } = await askingHost(sample());
    expect(saidIn(await act())).toMatchObject({ error: { code: -32601 } });
    const initialize = server.requests.find(({ message }) => message?.method === "initialize");
    expect(initialize?.message?.params?.["capabilities"]).not.toHaveProperty("sampling");
    expect(initialize?.message?.params?.["capabilities"]).not.toHaveProperty("roots");
  });

  it("gets a text within its budget", async () => {
    const asked: SamplingRequest[] = [];
    const { act } = await askingHost(sample(), { settings: { samplingTokens: 100 } });
    const done = await act({
      sample: async (request) => {
        asked.push(request);
        return { kind: "sampled", model: "ours", text: "Hi", stopReason: "endTurn" };
      },
    });
    expect(asked).toEqual([
      { kind: "sampling", system: "Be kind", messages: [{ role: "user", text: "Hello" }], maxTokens: 10, tokenBudget: 100 },
    ]);
    expect(saidIn(done)).toMatchObject({
      result: { role: "assistant", content: { type: "text", text: "Hi" }, model: "ours", stopReason: "endTurn" },
    });
  });

  it.each([
    ["a picture", { messages: [{ role: "user", content: { type: "image", data: "AA==", mimeType: "image/png" } }] }],
    ["more than a book", { messages: [{ role: "user", content: { type: "text", text: "x".repeat(300_000) } }] }],
  ])("is refused with %s", async (_, more) => {
    const { act } = await askingHost(sample(more), { settings: { samplingTokens: 100 } });
    const done = await act({ sample: () => Promise.reject(new Error("the model was asked")) });
    expect(saidIn(done)).toMatchObject({ error: { code: -1 } });
  });

  it("hears why it was refused", async () => {
    const { act } = await askingHost(sample(), { settings: { samplingTokens: 100 } });
    const done = await act({ sample: async () => ({ kind: "refused", cause: "the budget is spent" }) });
    expect(saidIn(done)).toMatchObject({ error: { code: -1, message: expect.stringContaining("the budget is spent") as string } });
  });

  it("finds no roots", async () => {
    const { act } = await askingHost(async (call) => told(await call.ask("roots/list", {})));
    expect(saidIn(await act())).toMatchObject({ error: { code: -32601 } });
  });
});
