import { afterAll, beforeAll, expect, it } from "vitest";
import { ask } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { TestClock } from "./test-clock.ts";
import { WIRE_FORMATS } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

it.each(WIRE_FORMATS.map((format) => [format.name, format] as const))(
  "the first word over %s waits for nothing in a busy process, and neither does the end",
  async (_name, format) => {
    const answer = { pieces: ["first", " second"] };
    const unfinished = format.unfinished(answer);
    const at = unfinished.findIndex((event) => event.includes('"first"'));
    const { promise: heardFirst, resolve: heard } = Promise.withResolvers<void>();
    server.answer(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of unfinished.slice(0, at + 1)) response.write(event);
      await heardFirst;
      for (const event of unfinished.slice(at + 1)) response.write(event);
      for (const event of format.events(answer).slice(unfinished.length)) response.write(event);
      response.end();
    });
    // Time stands: what waits for the clock waits for ever.
    const { model, close } = await modelAt(format, server.port, { clock: new TestClock(), utilization: () => 1 });
    const parts = model.stream(ask(), new AbortController().signal)[Symbol.asyncIterator]();
    expect(await parts.next()).toMatchObject({ value: { type: "text", text: "first" } });
    heard();
    const rest: unknown[] = [];
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) rest.push(next.value);
    expect(rest).toMatchObject([{ type: "text", text: " second" }, { type: "finish" }]);
    await close();
  },
);
