import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { ask, collect, failureOf, never } from "./collect.ts";
import { modelAt, type Harness } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { TestClock } from "./test-clock.ts";
import { WIRE_FORMATS, type Answer } from "./wire-formats.ts";

const ANSWER: Answer = { pieces: ["Ünïcode ", "und 🚚🎉", " — fertig."], calls: [{ name: "a__b", argumentsText: '{"x":"ä🎉"}' }] };

describe.each(WIRE_FORMATS)("a stream of $name", (format) => {
  let server: RawServer;
  let harness: Harness;
  beforeEach(async () => {
    server = await RawServer.open();
    harness = await modelAt(format, server.port);
  });
  afterEach(async () => {
    await harness.close();
    await server.close();
  });

  /** Bytes as given, whatever they cut through. */
  function streamBytes(pieces: readonly Uint8Array[]): void {
    server.answer(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const piece of pieces) await new Promise<unknown>((resolve) => response.write(piece, resolve));
      response.end();
    });
  }

  async function expectWhole(): Promise<void> {
    const { text, calls, finish, error } = await collect(harness.model);
    expect(error).toBeUndefined();
    expect(text).toBe(ANSWER.pieces?.join(""));
    expect(calls.map((call) => call.argumentsText)).toEqual(['{"x":"ä🎉"}']);
    expect(finish).toMatchObject({ reason: "tool-calls", usage: { inputTokens: 11, outputTokens: 7 } });
  }

  test("reads the same, sent byte by byte", async () => {
    streamBytes([...Buffer.from(format.events(ANSWER).join(""))].map((byte) => Buffer.of(byte)));
    await expectWhole();
  });

  test.each(["\r\n", "\r"])("reads the same with line ends %j", async (end) => {
    server.stream([format.events(ANSWER).join("").replaceAll("\n", end)]);
    await expectWhole();
  });

  test("skips comments, keep-alives, ids and a byte order mark", async () => {
    const noisy = format.events(ANSWER).map((event) => `: keep-alive\n\nid: 7\nretry: 10\n: OPENROUTER PROCESSING\n${event}\n\n`);
    server.stream([`\uFEFF${noisy.join("")}`]);
    await expectWhole();
  });

  test("is whole without the last empty line", async () => {
    server.stream([format.events(ANSWER).join("").trimEnd()]);
    await expectWhole();
  });

  test.each(["-5", "1.5", "1e300", '"12"', "null"])("is whole when it says that it cost %s tokens", async (count) => {
    server.stream([
      format
        .events(ANSWER)
        .join("")
        .replaceAll(/((?:tokens|TokenCount)":\s*)\d+/g, `$1${count}`),
    ]);
    const { text, calls, finish, error } = await collect(harness.model);
    expect(error).toBeUndefined();
    expect({ text, calls: calls.length }).toEqual({ text: ANSWER.pieces?.join(""), calls: 1 });
    const usage = Object.values(finish?.usage ?? {});
    expect(usage.filter((tokens) => tokens === undefined || !Number.isSafeInteger(tokens) || tokens < 0)).toEqual([]);
  });

  test("breaks when it goes on for far longer than its limit of tokens", async () => {
    server.answer(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const piece of format.unfinished({ pieces: ["Half "] })) response.write(piece);
      while (!response.destroyed) {
        if (response.write(`: ${"x".repeat(64 * 1024)}\n\n`)) continue;
        await new Promise<void>((resolve) => void response.once("drain", resolve).once("close", resolve));
      }
    });
    const failure = await failureOf(harness.model);
    expect(failure).toMatchObject({ kind: "broken", text: "Half " });
    expect(failure.message).toMatch(/far longer/);
  });

  test("breaks when it ends without its end mark, after passing on what was said", async () => {
    server.stream(format.unfinished(ANSWER));
    const failure = await failureOf(harness.model);
    expect(failure).toMatchObject({ kind: "broken", text: ANSWER.pieces?.join("") });
    expect(failure.message).toMatch(/ended without its end mark/);
  });

  test("hands over no call of a stream that breaks", async () => {
    server.stream(format.unfinished(ANSWER));
    expect((await collect(harness.model)).calls).toEqual([]);
  });

  test("breaks on JSON that breaks off", async () => {
    server.stream([...format.unfinished({ pieces: ["Half "] }), 'data: {"choices":[{"del\n\n', ...format.events(ANSWER)]);
    const failure = await failureOf(harness.model);
    expect(failure).toMatchObject({ kind: "broken", text: "Half " });
    expect(failure.message).toMatch(/cannot be read/);
  });

  test.each(['data: "a text"\n\n', "data: 7\n\n", "data: []\n\n", "data: null\n\n"])(
    "breaks on an event that is no object: %j",
    async (event) => {
      server.stream([event]);
      expect(await failureOf(harness.model)).toMatchObject({ kind: "broken" });
    },
  );

  test("breaks when the connection is reset in the middle", async () => {
    server.answer(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      await new Promise<unknown>((resolve) => response.write(format.unfinished({ pieces: ["Half "] }).join(""), resolve));
      response.socket?.resetAndDestroy();
    });
    expect(await failureOf(harness.model)).toMatchObject({ kind: "broken" });
  });

  test("breaks when it falls silent in the middle", async () => {
    await harness.close();
    harness = await modelAt(format, server.port, { settings: { silenceTimeoutMs: 500 } });
    server.answer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(format.unfinished({ pieces: ["Half "] }).join(""));
    });
    const failure = await failureOf(harness.model);
    expect(failure).toMatchObject({ kind: "broken", text: "Half " });
    expect(failure.message).toContain("UND_ERR_BODY_TIMEOUT");
    await waitFor(() => server.deserted > 0);
  });

  test("fails as overloaded on an error before anything was said, so that it may be tried again", async () => {
    server.stream([format.error("overloaded_error", "Too much to do.")]);
    const failure = await failureOf(harness.model);
    expect(failure.kind).toBe("overloaded");
    expect(failure.message).toContain("Too much to do.");
    expect(server.requests).toHaveLength(3);
  });

  test("breaks on an error after something was said, and is not tried again", async () => {
    server.stream([...format.unfinished({ pieces: ["Half "] }), format.error("overloaded_error", "Too much to do.")]);
    expect(await failureOf(harness.model)).toMatchObject({ kind: "broken", text: "Half " });
    expect(server.requests).toHaveLength(1);
  });

  test("passes on what came before a fault in the same packet", async () => {
    server.stream([[...format.unfinished({ pieces: ["Half "] }), "data: {\n\n"].join("")]);
    expect(await failureOf(harness.model)).toMatchObject({ kind: "broken", text: "Half " });
  });

  test("keeps its connection for the next answer", async () => {
    await harness.close();
    harness = await modelAt(format, server.port, { clock: new TestClock() });
    server.stream(format.events(ANSWER));
    for (let round = 0; round < 5; round++) {
      await collect(harness.model);
      await waitFor(() => harness.clock.waiting === 0);
    }
    expect(server.requests).toHaveLength(5);
    // A pool may open a second one while the first is just being freed.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  test("joins what came together, and loses no half of a character", async () => {
    const [high, low] = ["\ud83d", "\ude9a"];
    server.stream([
      format
        .events({ pieces: ["a", "b", `c${high}`] })
        .slice(0, -1)
        .join(""),
      ...format.events({ pieces: [`${low}d`] }),
    ]);
    const { parts, text } = await collect(harness.model);
    expect(text).toContain("abc🚚d");
    for (const part of parts) if (part.type === "text") expect(part.text.isWellFormed()).toBe(true);
  });

  test("is read no faster than it is listened to", async () => {
    const piece = "x".repeat(64 * 1024);
    let written = 0;
    let done = false;
    server.answer(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (; written < 2_000 && !response.destroyed; written++) {
        const event = format.unfinished({ pieces: [piece] }).join("");
        if (!response.write(event))
          await Promise.race([
            new Promise((resolve) => response.once("drain", resolve)),
            new Promise((resolve) => response.once("close", resolve)),
          ]);
      }
      done = true;
    });
    const aborting = new AbortController();
    const answer = harness.model.stream(ask(), aborting.signal)[Symbol.asyncIterator]();
    await answer.next();
    let before = -1;
    await waitFor(async () => {
      // Two looks, many turns apart, that see the same: the sender waits.
      const still = written === before;
      before = written;
      for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
      return still;
    });
    expect(done).toBe(false);
    expect(written).toBeLessThan(1_000);
    aborting.abort(new Error("enough"));
    await expect(answer.next()).rejects.toThrow("enough");
  });

  test("ends at once when it is aborted while waiting for the first byte", async () => {
    server.answer(() => undefined);
    const aborting = new AbortController();
    const first = harness.model.stream(ask(), aborting.signal)[Symbol.asyncIterator]().next();
    await waitFor(() => server.requests.length > 0);
    aborting.abort(new Error("stopped"));
    await expect(first).rejects.toThrow("stopped");
    await waitFor(() => server.deserted > 0);
  });
});

describe("an answer that never began", () => {
  test.each(WIRE_FORMATS)("of $name is unreachable when nothing listens", async (format) => {
    const server = await RawServer.open();
    const { port } = server;
    await server.close();
    const { model, close } = await modelAt(format, port);
    const failure = await failureOf(model);
    expect(failure.kind).toBe("unreachable");
    expect(failure.message).toMatch(/connection refused.*ECONNREFUSED/);
    await close();
  });

  test("is broken when its first byte does not come in time, and is not made to compute it again", async () => {
    const server = await RawServer.open();
    server.answer(() => undefined);
    const { model, close } = await modelAt({ provider: "openai-compatible" }, server.port, { settings: { silenceTimeoutMs: 50 } });
    const failure = await failureOf(model);
    expect(failure).toMatchObject({ kind: "broken" });
    expect(failure.message).toContain("UND_ERR_HEADERS_TIMEOUT");
    expect(server.requests).toHaveLength(1);
    await close();
    await server.close();
  });

  test("is unreachable when the name is not known", async () => {
    const { model, close } = await modelAt({ provider: "openai-compatible" }, 1, { settings: { baseUrl: "http://nowhere.invalid/v1" } });
    expect((await failureOf(model)).message).toMatch(/nowhere\.invalid cannot be reached: .*DNS/);
    await close();
  });

  test("is unreachable when TLS is asked of a server without", async () => {
    const server = await RawServer.open();
    const { model, close } = await modelAt({ provider: "openai-compatible" }, server.port, {
      settings: { baseUrl: `https://127.0.0.1:${server.port}/v1` },
    });
    expect(await failureOf(model)).toMatchObject({ kind: "unreachable" });
    await close();
    await server.close();
  });

  test("is unreachable when the connection is reset before it", async () => {
    const server = await RawServer.open();
    server.answer((response) => void response.socket?.resetAndDestroy());
    const { model, close } = await modelAt({ provider: "openai-compatible" }, server.port);
    expect(await failureOf(model, ask("x"))).toMatchObject({ kind: "unreachable" });
    expect(server.requests).toHaveLength(3);
    await close();
    await server.close();
  });

  test("leaves nothing unhandled when it is aborted and nobody reads on", async () => {
    const server = await RawServer.open();
    server.answer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n');
    });
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const { model, close } = await modelAt({ provider: "openai-compatible" }, server.port);
    const aborting = new AbortController();
    const answer = model.stream(ask(), AbortSignal.any([aborting.signal, never]))[Symbol.asyncIterator]();
    await answer.next();
    aborting.abort(new Error("gone"));
    await waitFor(() => server.deserted > 0);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
    await close();
    await server.close();
  });
});
