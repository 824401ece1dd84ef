import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Tool } from "../../../server/conversation/ports/tools.ts";
import type { HttpToolDefinition } from "../../../server/tools/http/definition.ts";
import { callContext, finished } from "../../support/mcp-host.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type HttpService, httpService, httpTool, httpToolsHost, json } from "./http-service.ts";

const open: HttpService[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.close();
});

async function serve(...given: Parameters<typeof httpService>): Promise<HttpService> {
  const service = await httpService(...given);
  open.push(service);
  return service;
}

async function toolFor(url: string, more: Partial<HttpToolDefinition> = {}): Promise<Tool> {
  const { tools } = await httpToolsHost([httpTool("one", url, more)]).open();
  return tools[0]!;
}

const call = async (tool: Tool, input: Readonly<Record<string, unknown>> = {}, more: Parameters<typeof callContext>[0] = {}) =>
  finished(tool.call(input, callContext(more)));
const said = (result: Awaited<ReturnType<typeof call>>): string =>
  result.content.map((piece) => (piece.kind === "text" ? piece.text : piece.kind)).join("\n");

const ORDER = { type: "object", properties: { order: { type: "string" }, amount: { type: "number" } }, required: ["order"] } as const;

describe("a call", () => {
  it("sends each argument to its place, and gives back what lies at the pointer", async () => {
    const service = await serve((response) =>
      json(response, { order: { status: "sent", parcels: [1, 2] }, internal: "not for the model" }),
    );
    const tool = await toolFor(`${service.url}/orders/{order}/refund`, {
      method: "POST",
      parameters: ORDER,
      query: { notify: "{order}", missing: "{amount}" },
      headers: { Authorization: "Bearer secret-of-the-shop", "X-Order": "no {order}" },
      body: { amount: "{amount}", reason: "Order {order}", fixed: [1, null] },
      pointer: "/order",
    });
    const result = await call(tool, { order: "A 1" });
    expect(result).toEqual({
      outcome: "ok",
      content: [{ kind: "text", text: '{"status":"sent","parcels":[1,2]}' }],
      structured: { status: "sent", parcels: [1, 2] },
    });
    expect(service.seen).toHaveLength(1);
    expect(service.seen[0]).toMatchObject({ method: "POST", url: "/orders/A%201/refund?notify=A+1" });
    expect(service.seen[0]!.headers).toMatchObject({
      authorization: "Bearer secret-of-the-shop",
      "x-order": "no A 1",
      "content-type": "application/json",
    });
    expect(JSON.parse(service.seen[0]!.body)).toEqual({ reason: "Order A 1", fixed: [1, null] });
  });

  it("is refused before anybody is asked when an argument does not fit the schema, or its place", async () => {
    const tool = await toolFor("https://shop.example/orders/{order}", { parameters: ORDER });
    expect(tool.check({ order: "1" })).toBeUndefined();
    expect(tool.check({})).toMatch(/order/);
    expect(tool.check({ order: 5 })).toMatch(/arguments\/order/);
    expect(tool.check({ order: "1", other: 1 })).toMatch(/not an argument of this tool/);
    expect(tool.check({ order: "../admin" })).toMatch(/arguments\/order: .* slashes/);
    const result = await call(tool, { order: "../admin" });
    expect(result).toMatchObject({ outcome: "failed", cause: expect.stringContaining("slashes") });
  });

  it("has the same idempotency key for every attempt, another one for another call, and none unless it is wanted", async () => {
    const service = await serve((response) => response.writeHead(204).end());
    const keyed = await toolFor(service.url, { method: "POST", idempotencyKey: true });
    await call(keyed, {}, { callId: "call-0001" });
    await call(keyed, {}, { callId: "call-0001" });
    await call(keyed, {}, { callId: "call-0002" });
    await call(await toolFor(service.url, { method: "POST" }));
    const keys = service.seen.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^fd-[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(keys[3]).toBeUndefined();
  });

  it("names the voice call in which the customer asked, and none where they wrote", async () => {
    const service = await serve((response) => json(response, {}));
    const host = httpToolsHost([httpTool("one", service.url)]);
    for (const voiceCallId of ["voice-call-1", undefined]) await call((await host.open(["*"], voiceCallId)).tools[0]!);
    expect(service.seen.map(({ headers }) => headers["x-call-id"])).toEqual(["voice-call-1", undefined]);
  });

  it("never tells the headers' secrets, however the service echoes them", async () => {
    const secret = 'Bearer s3cret"of/the shop';
    const service = await serve((response, { headers, url }) => {
      const { authorization } = headers;
      const echo = {
        whole: authorization,
        part: authorization?.slice(7),
        [String(authorization)]: [encodeURIComponent(String(authorization))],
      };
      if (url === "/fails") json(response, echo, 500);
      else if (url === "/text") response.writeHead(200, { "content-type": "text/plain" }).end(JSON.stringify(echo));
      else json(response, echo);
    });
    for (const path of ["/", "/fails", "/text"]) {
      const result = await call(await toolFor(`${service.url}${path}`, { headers: { Authorization: secret } }));
      expect(JSON.stringify(result)).toContain("[secret]");
      expect(JSON.stringify(result)).not.toMatch(/s3cret/);
    }
    expect(service.seen[0]!.headers.authorization).toBe(secret);
  });

  it("says how much of it is kept", async () => {
    const service = await serve((response) => json(response, 1));
    expect(await call(await toolFor(service.url, { results: "none" }))).toMatchObject({ outcome: "ok", keep: "none" });
    expect(await call(await toolFor(service.url))).not.toHaveProperty("keep");
  });

  it("is not sent when the tool was changed or removed meanwhile; a renewed secret is no change", async () => {
    const service = await serve((response) => json(response, 1));
    const host = httpToolsHost([httpTool("one", service.url, { headers: { Authorization: "old" } })]);
    const [tool] = (await host.open()).tools;
    host.definitions[0] = httpTool("one", service.url, { headers: { Authorization: "new" }, timeoutMs: 1_000 });
    expect((await call(tool!)).outcome).toBe("ok");
    host.definitions[0] = httpTool("one", `${service.url}/other`);
    expect(await call(tool!)).toMatchObject({
      outcome: "failed",
      cause: "The HTTP tool one has changed since the conversation was offered it.",
    });
    host.definitions.length = 0;
    expect(await call(tool!)).toMatchObject({ outcome: "failed", cause: "The HTTP tool one was removed." });
    expect(service.seen).toHaveLength(1);
  });
});

describe("how a call ends", () => {
  const unanswered = [
    ["a connection that breaks", async () => (await serve((response) => response.destroy())).url],
    [
      "an answer that breaks off",
      async () =>
        (await serve((response) => response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy()))).url,
    ],
    ["no answer in time", async () => (await serve(() => undefined)).url],
    ["a body without end", async () => (await serve((response) => void response.writeHead(200).write("x"))).url],
    ["a head without end", async () => (await serve((response) => response.writeHead(200, { "x-long": "x".repeat(64 * 1024) }).end())).url],
    ["a gateway that gave up", async () => (await serve((response) => json(response, {}, 504))).url],
  ] as const;

  it.each(unanswered)("%s: unknown, unless it changes nothing or may be repeated", async (_, start) => {
    const url = await start();
    const timeoutMs = 400;
    expect(await call(await toolFor(url, { method: "POST", timeoutMs }))).toMatchObject({
      outcome: "unknown",
      cause: expect.stringContaining("one at http://127.0.0.1"),
    });
    expect((await call(await toolFor(url, { method: "DELETE", timeoutMs }))).outcome).toBe("unknown");
    expect((await call(await toolFor(url, { method: "POST", timeoutMs, safeToRepeat: true }))).outcome).toBe("failed");
    expect((await call(await toolFor(url, { timeoutMs }))).outcome).toBe("failed");
  });

  it("a request that certainly did not arrive: failed", async () => {
    const service = await serve(() => undefined);
    await service.close();
    for (const [url, cause] of [
      [service.url, /ECONNREFUSED/],
      ["http://10.0.0.7/", /private network/],
      ["https://nothing.invalid/", /host name|looked up/],
    ] as const)
      expect(await call(await toolFor(url, { method: "POST" })), url).toMatchObject({
        outcome: "failed",
        cause: expect.stringMatching(cause),
      });
  });

  it("any other status: failed, with what the service said", async () => {
    for (const status of [400, 401, 404, 409, 422, 500, 503]) {
      const service = await serve((response) =>
        json(response, { error: "The order was cancelled before.", long: "x".repeat(5_000) }, status),
      );
      const result = await call(await toolFor(service.url, { method: "POST", pointer: "/order" }));
      expect(result).toMatchObject({ outcome: "failed", cause: expect.stringContaining(`HTTP ${status}`) });
      expect(said(result)).toMatch(/cancelled before/);
      expect(said(result).length).toBeLessThan(2_200);
    }
  });

  it("a redirect is followed for what changes nothing; otherwise it is an answer", async () => {
    const service = await serve((response, { url }) => {
      if (url === "/new") json(response, "here");
      else response.writeHead(Number(url.slice(1)), { location: "/new" }).end();
    });
    expect(said(await call(await toolFor(`${service.url}/302`)))).toBe("here");
    expect((await call(await toolFor(`${service.url}/307`, { method: "POST" }))).outcome).toBe("failed");
    expect((await call(await toolFor(`${service.url}/303`, { method: "POST" }))).outcome).toBe("ok");
    expect(service.seen.filter(({ url }) => url === "/new")).toHaveLength(1);
  });

  it("stopped: cancelled, and the service sees the end", async () => {
    let gone = false;
    const service = await serve((response) => void response.once("close", () => (gone = true)));
    const stop = new AbortController();
    const calling = call(await toolFor(service.url, { method: "POST" }), {}, { signal: stop.signal });
    await waitFor(() => service.seen.length === 1);
    stop.abort("stop");
    expect(await calling).toMatchObject({ outcome: "cancelled" });
    await waitFor(() => gone);
  });
});

describe("what the model is given", () => {
  const answering = (body: string | Buffer, type: string, more: Record<string, string> = {}) =>
    serve((response) => response.writeHead(200, { "content-type": type, ...more }).end(body));

  it.each([
    ['"text"', "application/json", undefined, "text"],
    ['{"a":[1]}', "application/problem+json; charset=utf-8", undefined, '{"a":[1]}'],
    ['{"a":{"b/c":{"~":[0,"x"]}}}', "application/json", "/a/b~1c/~0/1", "x"],
    ["null", "application/json", "", "null"],
    ["plain", "text/plain", undefined, "plain"],
    ["<a/>", "application/xml", undefined, "<a/>"],
    ["", "application/json", "/a", "[The call was carried out. There was nothing in the answer.]"],
    ['{"a":1}', "application/json", "/b", "[The call was carried out, but there is nothing at /b of its answer.]"],
    ['{"a":1}', "application/json", "/constructor", "[The call was carried out, but there is nothing at /constructor of its answer.]"],
    ["{broken", "application/json", undefined, "{broken"],
    ["plain secret", "text/plain", "/a", "[The call was carried out, but its answer is not JSON that can be looked into.]"],
  ] as const)("%s (%s) at %s", async (body, type, pointer, expected) => {
    const service = await answering(body, type);
    const result = await call(await toolFor(service.url, pointer === undefined ? {} : { pointer }));
    expect([result.outcome, said(result)]).toEqual(["ok", expected]);
  });

  it("is nothing but a note where a pointer finds no JSON, or what is no text", async () => {
    const broken = await answering("{secret", "application/json");
    expect(said(await call(await toolFor(broken.url, { pointer: "/a" })))).toMatch(/^\[.*not usable JSON/);
    const image = await answering(Buffer.from([0xff, 0xd8, 0xff]), "image/jpeg");
    expect(said(await call(await toolFor(image.url)))).toBe("[The call was carried out. Its answer is not text (image/jpeg, 3 bytes).]");
  });

  it("ends at the limit, counted as it is unpacked, and says so", async () => {
    const long = await answering("x".repeat(100_000), "text/plain");
    const cut = await call(await toolFor(long.url, { answerBytes: 1_000 }));
    expect(cut.outcome).toBe("ok");
    expect(said(cut)).toBe(`${"x".repeat(1_000)}\n[It is larger than allowed, so only the first 1000 bytes were read.]`);
    const bomb = await answering(gzipSync(Buffer.alloc(50_000_000, "x")), "application/json", { "content-encoding": "gzip" });
    expect(said(await call(await toolFor(bomb.url, { answerBytes: 1_000, pointer: "/a" })))).toMatch(/first 1000 bytes/);
  });
});

describe("the tools of an assistant", () => {
  it("are those that its connector names, with names and references of their own", async () => {
    const host = httpToolsHost([
      httpTool("one", "https://a.example/", { title: "The one", readOnly: true }),
      httpTool("two", "https://b.example/"),
    ]);
    expect((await host.open(["two", "gone"])).tools.map(({ name }) => name)).toEqual(["http__two"]);
    const [one] = (await host.open()).tools;
    expect(one).toMatchObject({
      name: "http__one",
      reference: {
        source: "http",
        server: "http",
        serverName: "HTTP tools",
        tool: "one",
        title: "The one",
        readOnly: true,
        trusted: false,
      },
      inputSchema: { type: "object", additionalProperties: false },
    });
    expect((await host.open([])).tools).toEqual([]);
  });

  it("have another hash when the call means something else", async () => {
    const hash = async (more: Partial<HttpToolDefinition>) => (await toolFor("https://a.example/", more)).definitionHash;
    const first = await hash({ headers: { Authorization: "one" } });
    expect(await hash({ headers: { Authorization: "two" }, results: "none", timeoutMs: 5 })).toBe(first);
    for (const more of [
      { method: "POST" },
      { query: { a: "1" } },
      { body: {} },
      { description: "Other." },
      { parameters: { type: "object", title: "x" } },
    ] as const)
      expect(await hash({ headers: { Authorization: "one" }, ...more })).not.toBe(first);
    expect(await hash({ headers: { Authorization: "one", "X-Other": "2" } })).not.toBe(first);
  });

  it("are named as unavailable, all together, when they cannot be read", async () => {
    const host = httpToolsHost([]);
    host.definitions.push(null as never);
    expect(await host.open()).toMatchObject({ tools: [], unavailable: [{ server: "http", serverName: "HTTP tools" }] });
    expect(host.warnings).toHaveLength(1);
  });
});
