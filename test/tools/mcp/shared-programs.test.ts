import { describe, expect, it } from "vitest";
import { MovingDirectory } from "../../support/mcp-directory.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { opened } from "../../support/mcp-opened.ts";
import { ACT, isRunning, testPrograms, type ProgramScript, type TestPrograms } from "../../support/mcp-programs.ts";
import type { WrittenLocal } from "../../support/static-directory.ts";
import { waitFor } from "../../support/wait-for.ts";
import { testTime, type TestTime } from "../../setup/registry-harness.ts";

interface Stage {
  readonly host: TestHost;
  /** Stands until it is moved. */
  readonly time: TestTime;
  readonly directory: MovingDirectory;
  readonly programs: TestPrograms;
  readonly call: (conversationId: string, context?: Parameters<typeof callContext>[0]) => ReturnType<ReturnType<typeof toolOf>["call"]>;
}

async function stage(script: ProgramScript = {}, settings: Partial<WrittenLocal> = {}): Promise<Stage> {
  const time = testTime();
  const programs = await testPrograms();
  const servers = [programs.program("desk", script, { isolation: "shared", ...settings })];
  const directory = new MovingDirectory(servers);
  directory.learnt("desk", [ACT]);
  const host = opened(testHost(servers, { directory, idleMs: 60_000, clock: time }));
  const call: Stage["call"] = async (conversationId, context) =>
    toolOf(await host.open(conversationId, { customerId: `customer of ${conversationId}` }), "desk__act").call({}, callContext(context));
  return { host, time, directory, programs, call };
}

describe("a program that conversations share", () => {
  it("is one process for all of them, which outlives each and ends some time after the last use", async () => {
    const { host, time, programs, call } = await stage();
    const results = await Promise.all(["one", "two", "three"].map((conversation) => call(conversation)));
    expect(results.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok"]);
    const [pid = 0, ...more] = await programs.starts();
    expect(more).toEqual([]);
    for (const conversation of ["one", "two", "three"]) host.tools.rest(conversation);
    time.move(60_000);
    expect(await call("four")).toMatchObject({ outcome: "ok" });
    expect(await programs.starts()).toEqual([pid]);
    time.move(600_000);
    await waitFor(() => !isRunning(pid));
    expect(await call("one")).toMatchObject({ outcome: "ok" });
    expect(await programs.starts()).toHaveLength(2);
  });

  it("is not ended while a call of anybody is under way", async () => {
    const act = "while (!existsSync(at('go'))) await new Promise((done) => setTimeout(done, 5)); answer({ content: [] });";
    const { host, time, programs, call } = await stage({ act }, { callTimeoutMs: 3_600_000 });
    const calling = call("one");
    await waitFor(async () => (await programs.notes()).includes("desk call"));
    host.tools.rest("one");
    time.move(1_800_000);
    await programs.open("go");
    expect(await calling).toMatchObject({ outcome: "ok" });
    expect(await programs.starts()).toHaveLength(1);
  });

  it("that dies leaves calls under way unknown, says so, and is started again after a pause that grows", async () => {
    const { time, directory, programs, call } = await stage({ act: "console.error('Out of memory.'); process.exit(9);" });
    for (const [at, pauseMs] of [0, 1_000, 2_000, 4_000].entries()) {
      const death = at + 1;
      const calling = call("one");
      if (pauseMs > 0) {
        await waitFor(() => time.waits.includes(pauseMs));
        time.move(pauseMs);
      }
      expect(await calling).toMatchObject({ outcome: "unknown" });
      await waitFor(() => directory.seen.at(-1)?.includes("its process ended. Its last words: Out of memory."));
      expect(await programs.starts()).toHaveLength(death);
    }
    expect(await call("two")).toMatchObject({
      outcome: "failed",
      cause: expect.stringMatching(/its process ended\. Its last words: Out of memory\. It is started again in 8 s$/) as string,
    });
    expect(await programs.starts()).toHaveLength(4);
    time.move(8_000);
    expect(await call("two")).toMatchObject({ outcome: "unknown" });
    expect(await programs.starts()).toHaveLength(5);
  });

  it("is not told that it may ask, and what it asks all the same reaches nobody", async () => {
    const ask =
      "note(JSON.stringify(await ask('elicitation/create', { message: 'Card number of the other one?', requestedSchema: { type: 'object', properties: {} } })));";
    const sample = "note(JSON.stringify(await ask('sampling/createMessage', { messages: [], maxTokens: 10 }))); answer({ content: [] });";
    const { programs, call } = await stage({ act: `${ask} ${sample}` }, { samplingTokens: 1_000 });
    const reached: string[] = [];
    const people = (name: string) => ({
      ask: async () => (reached.push(name), { kind: "input", action: "accept" } as const),
      sample: async () => (reached.push(name), { kind: "refused", cause: "" } as const),
    });
    expect(await call("one", people("one"))).toMatchObject({ outcome: "ok" });
    const notes = await programs.notes();
    expect(notes.find((note) => note.includes("capabilities"))).not.toMatch(/elicitation|sampling|roots/);
    expect(notes.filter((note) => note.includes("-32601"))).toHaveLength(2);
    expect(reached).toEqual([]);
  });

  it("asks the person behind the call where each conversation has its own process", async () => {
    const programs = await testPrograms();
    const ask =
      "const got = await ask('elicitation/create', { message: 'Which size?', requestedSchema: { type: 'object', properties: {} } }); answer({ content: [{ type: 'text', text: got.action }] });";
    const host = opened(testHost([programs.program("desk", { act: ask })]));
    const act = toolOf(await host.open(), "desk__act");
    const asking = callContext({ ask: async () => ({ kind: "input", action: "accept", content: {} }) });
    expect(await act.call({}, asking)).toMatchObject({ content: [{ text: "accept" }] });
  });

  it("of an older revision teaches the newer one nothing", async () => {
    const programs = await testPrograms();
    const older = programs.program("desk", { gate: "go", description: "old" }, { isolation: "shared" });
    const newer = programs.program("desk", { description: "new" }, { isolation: "shared" });
    const directory = new MovingDirectory([older]);
    const host = opened(testHost([older], { directory }));
    const first = host.open("one");
    await waitFor(async () => (await programs.starts()).length === 1);
    directory.set(newer, { revision: "1" });
    await programs.open("go");
    await first;
    expect(JSON.stringify([...directory.learned])).not.toContain("old");
  });
});
