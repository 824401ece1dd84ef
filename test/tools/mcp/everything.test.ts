import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ToolContent } from "../../../protocol/content.ts";
import type { InputAnswer, InputRequest, SamplingRequest, TaskHandle } from "../../../server/conversation/ports/tools.ts";
import { everythingOverStdio, startEverything, type RunningServer } from "../../support/mcp-everything.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";

/** How long a call waits for the server's word that a page is done with. */
const DONE_MS = 5_000;

/** The reference server, over each of the three wires: what a site's own server may do, it does. */
describe.each(["streamable-http", "sse", "stdio"] as const)("server-everything over %s", (wire) => {
  let server: RunningServer | undefined;
  let host: TestHost;

  beforeAll(async () => {
    if (wire === "stdio") host = testHost([{ ...(await everythingOverStdio("every")), connectTimeoutMs: 20_000, samplingTokens: 500 }]);
    else {
      server = await startEverything(wire === "sse" ? "sse" : "streamableHttp");
      host = testHost([{ key: "every", name: "Everything", url: server.url, connectTimeoutMs: 20_000, samplingTokens: 500 }]);
    }
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
  });

  const call = async (name: string, input: Record<string, unknown> = {}, more: Parameters<typeof callContext>[0] = {}) =>
    toolOf(await host.open(), `every__${name}`).call(input, callContext(more));
  const kinds = (content: readonly ToolContent[]): string[] => content.map(({ kind }) => kind);

  it("offers its tools under our names, in one order", async () => {
    const { tools, unavailable } = await host.open();
    expect(unavailable).toEqual([]);
    const names = tools.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toContain("every__echo");
    expect(toolOf({ tools, unavailable }, "every__get-sum").reference).toMatchObject({
      source: "mcp",
      server: "every",
      serverName: "Everything",
      tool: "get-sum",
    });
    expect((await host.open("conversation-2")).tools.map(({ definitionHash }) => definitionHash)).toEqual(
      tools.map(({ definitionHash }) => definitionHash),
    );
  });

  it("gives text", async () => {
    expect(await call("echo", { message: "hello" })).toEqual({ outcome: "ok", content: [{ kind: "text", text: "Echo: hello" }] });
  });

  it("gives an image among texts", async () => {
    const { content } = await call("get-tiny-image");
    expect(kinds(content)).toEqual(["text", "image", "text"]);
    expect(content[1]).toMatchObject({ mimeType: "image/png", data: expect.stringMatching(/^iVBORw0KGgo/) as string });
  });

  it("gives embedded resources, of text and of bytes", async () => {
    const text = await call("get-resource-reference", { resourceType: "Text", resourceId: 1 });
    expect(kinds(text.content)).toContain("resource");
    expect(text.content.find(({ kind }) => kind === "resource")).toMatchObject({
      uri: expect.stringContaining("://") as string,
      text: expect.any(String) as string,
    });
    const blob = await call("get-resource-reference", { resourceType: "Blob", resourceId: 2 });
    expect(blob.content.find(({ kind }) => kind === "resource")).toMatchObject({ blob: expect.any(String) as string });
  });

  it("gives resource links", async () => {
    const { content } = await call("get-resource-links", { count: 3 });
    expect(kinds(content)).toEqual(["text", "resource-link", "resource-link", "resource-link"]);
    expect(content[1]).toMatchObject({ uri: expect.any(String) as string, name: expect.any(String) as string });
  });

  it("gives structured content beside its text", async () => {
    const { structured, content } = await call("get-structured-content", { location: "Chicago" });
    expect(structured).toMatchObject({ temperature: expect.any(Number) as number, conditions: expect.any(String) as string });
    expect(kinds(content)).toEqual(["text"]);
  });

  it("tells how far a long operation is", async () => {
    const told: { progress: number; total?: number }[] = [];
    const { outcome } = await call(
      "trigger-long-running-operation",
      { duration: 0.5, steps: 5 },
      { onProgress: (progress) => told.push(progress) },
    );
    expect(outcome).toBe("ok");
    // The last step may come together with the answer, and is not worth telling then.
    expect(told.map(({ progress }) => progress).slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(told[0]?.total).toBe(5);
  });

  it("stops an operation that is cancelled, and answers the next call", async () => {
    const stop = new AbortController();
    const stopped = await call(
      "trigger-long-running-operation",
      { duration: 60, steps: 600 },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    expect(stopped.outcome).toBe("cancelled");
    expect((await call("echo", { message: "still there" })).outcome).toBe("ok");
  });

  it("asks with a form of every kind of field, and hears what was put in", async () => {
    const asked: InputRequest[] = [];
    const { outcome, content } = await call(
      "trigger-elicitation-request",
      {},
      {
        ask: async (request) => {
          asked.push(request);
          return {
            kind: "input",
            action: "accept",
            content: { name: "Ada", check: true, untitledMultipleSelectEnum: ["Piano", "Bass"], legacyTitledEnum: "pet-1" },
          };
        },
      },
    );
    expect(outcome).toBe("ok");
    expect(asked).toHaveLength(1);
    const fields = asked[0]?.kind === "form" ? asked[0].fields : [];
    expect(new Set(fields.map(({ kind }) => kind))).toEqual(new Set(["text", "number", "boolean", "choice", "choices"]));
    expect(fields.find(({ name }) => name === "titledSingleSelectEnum")).toMatchObject({
      kind: "choice",
      default: "hero-1",
      options: [{ value: "hero-1", title: "Superman" }, {}, {}],
    });
    expect(JSON.stringify(content)).toContain("Ada");
    expect(JSON.stringify(content)).toContain("Piano");
  });

  it("hears that a form was declined, and that it was put away", async () => {
    for (const action of ["decline", "cancel"] as const) {
      const { outcome, content } = await call("trigger-elicitation-request", {}, { ask: async () => ({ kind: "input", action }) });
      expect(outcome).toBe("ok");
      expect(JSON.stringify(content)).toContain(action);
    }
  });

  it("has a page opened, as a question and before a call", async () => {
    host.skip(DONE_MS);
    const asked: InputRequest[] = [];
    const ask = async (request: InputRequest): Promise<InputAnswer> => {
      asked.push(request);
      return { kind: "input", action: "accept" };
    };
    const url = "https://shop.example/pay?order=1";
    expect(JSON.stringify((await call("trigger-url-elicitation", { url, message: "Pay" }, { ask })).content)).toContain(
      "completed the URL",
    );
    expect(asked).toEqual([{ kind: "url", message: "Pay", url }]);
    asked.length = 0;
    const before = await call("trigger-url-elicitation", { url, message: "Pay", errorPath: true }, { ask });
    expect(before.outcome).toBe("ok");
    expect(asked.map((one) => (one.kind === "url" ? one.url : ""))).toEqual(["https://modelcontextprotocol.io/", url]);
  });

  it("may ask our model, within its budget", async () => {
    const asked: SamplingRequest[] = [];
    const { outcome, content } = await call(
      "trigger-sampling-request",
      { prompt: "Say hello", maxTokens: 20 },
      {
        sample: async (request) => {
          asked.push(request);
          return { kind: "sampled", model: "our-model", text: "Hello from our model", stopReason: "endTurn" };
        },
      },
    );
    expect(outcome).toBe("ok");
    expect(asked).toMatchObject([
      {
        kind: "sampling",
        maxTokens: 20,
        tokenBudget: 500,
        messages: [{ role: "user", text: expect.stringContaining("Say hello") as string }],
      },
    ]);
    expect(JSON.stringify(content)).toContain("Hello from our model");
    const refused = await call(
      "trigger-sampling-request",
      { prompt: "Say hello" },
      { sample: async () => ({ kind: "refused", cause: "The budget is spent." }) },
    );
    expect(refused).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: expect.stringContaining("refused") as string }] });
  });

  it("answers with everything else that it has", async () => {
    const others: Record<string, Record<string, unknown>> = {
      "get-annotated-message": { messageType: "error", includeImage: true },
      "gzip-file-as-resource": { name: "hello.txt.gz", data: "data:text/plain,hello", outputType: "resource" },
      "toggle-simulated-logging": {},
      "toggle-subscriber-updates": {},
    };
    for (const [name, input] of Object.entries(others)) expect(await call(name, input)).toMatchObject({ outcome: "ok" });
    await call("toggle-simulated-logging");
    await call("toggle-subscriber-updates");
  });

  it.runIf(wire !== "sse")("takes a long call as a task, asks in the middle of it, and is asked for its end", async () => {
    const tasks: TaskHandle[] = [];
    const told: string[] = [];
    const asked: InputRequest[] = [];
    const { outcome, content } = await call(
      "simulate-research-query",
      { topic: "python", ambiguous: true },
      {
        onTask: async (task) => void tasks.push(task),
        onProgress: ({ message }) => void told.push(message ?? ""),
        ask: async (request) => {
          asked.push(request);
          return { kind: "input", action: "accept", content: { interpretation: "snake" } };
        },
      },
    );
    expect(outcome).toBe("ok");
    expect(tasks).toMatchObject([{ pollMs: 1_000 }]);
    expect(told.length).toBeGreaterThan(0);
    expect(asked).toMatchObject([{ kind: "form", fields: [{ kind: "choice", name: "interpretation" }] }]);
    expect(JSON.stringify(content)).toContain("snake");
  });

  it("says what is wrong with arguments before they are sent", async () => {
    const sum = toolOf(await host.open(), "every__get-sum");
    expect(sum.check({ a: 1, b: 2 })).toBeUndefined();
    expect(sum.check({ a: "one" })).toMatch(/arguments/);
  });

  it("calls a refusal of the server a failure", async () => {
    const { outcome, cause } = await call("get-sum", { a: "one" });
    expect(outcome).toBe("failed");
    expect(cause).toContain("Everything");
  });

  it.runIf(wire === "stdio")("shows the process nothing of our environment but what the file names", async () => {
    process.env["FRONTDESK_TEST_SECRET"] = "not for servers";
    const { content } = await call("get-env");
    const text = content[0]?.kind === "text" ? content[0].text : "";
    expect(JSON.parse(text)).toMatchObject({ FRONTDESK_TEST_MARK: "seen", PATH: expect.any(String) as string });
    expect(text).not.toContain("FRONTDESK_TEST_SECRET");
    expect(text).not.toContain("not for servers");
  });
});
