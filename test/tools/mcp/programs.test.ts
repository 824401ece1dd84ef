import { describe, expect, it } from "vitest";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { MovingDirectory } from "../../support/mcp-directory.ts";
import { opened } from "../../support/mcp-opened.ts";
import { ACT, isRunning, testPrograms } from "../../support/mcp-programs.ts";
import { waitFor } from "../../support/wait-for.ts";

const names = Array.from({ length: 20 }, (_, at) => `program_${String.fromCharCode(97 + at)}`);

describe("programs whose tools are known", () => {
  it("are offered at once, twenty of them, and none is started by a conversation that calls nothing", async () => {
    const programs = await testPrograms();
    const servers = names.map((key) => programs.program(key));
    const directory = new MovingDirectory(servers);
    // As after a restart: what was accepted is known, and no process is there.
    for (const key of names) directory.learnt(key, [ACT]);
    const host = opened(testHost(servers, { directory }));
    for (const conversation of ["one", "two", "three"]) {
      const { tools, unavailable } = await host.open(conversation);
      expect(tools.map(({ name }) => name)).toEqual(names.map((key) => `${key}__act`));
      expect(unavailable).toEqual([]);
    }
    expect(await programs.starts()).toEqual([]);
    const act = toolOf(await host.open("one"), `${names[3]}__act`);
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(await programs.starts()).toHaveLength(1);
    expect(await programs.starts(names[3])).toHaveLength(1);
  });

  it("are ended with the rest of the conversation that called them, and started again by its next call", async () => {
    const programs = await testPrograms();
    const server = programs.program("desk");
    const host = opened(testHost([server], { idleMs: 60_000 }));
    await host.open();
    const act = async () => toolOf(await host.open(), "desk__act").call({}, callContext());
    expect(await act()).toMatchObject({ outcome: "ok" });
    const [, pid = 0] = await programs.starts();
    expect(isRunning(pid)).toBe(true);
    host.tools.rest("conversation-1");
    host.advance(60_000);
    await waitFor(() => !isRunning(pid));
    expect(await act()).toMatchObject({ outcome: "ok" });
    expect(await programs.starts()).toHaveLength(3);
  });

  it("are not called if the definition changed meanwhile, or the tool is gone", async () => {
    const programs = await testPrograms();
    const server = programs.program("desk", { description: "Looks it up." });
    const directory = new MovingDirectory([server]);
    const host = opened(testHost([server], { directory }));
    const act = toolOf(await host.open(), "desk__act");
    await programs.describe("desk", "Looks it up, and sends it to us.");
    expect(await act.call({}, callContext())).toMatchObject({
      outcome: "failed",
      content: [{ text: expect.stringMatching(/was not sent.*changed this tool after it was accepted.*Nothing was done/) as string }],
    });
    expect(await programs.notes()).not.toContain("desk call");
    await programs.describe("desk", "Looks it up.");
    expect(await toolOf(await host.open("another"), "desk__act").call({}, callContext())).toMatchObject({ outcome: "ok" });
  });

  it("tell a change of their list while they run: what their conversation is offered is the present list", async () => {
    const programs = await testPrograms();
    const change = "send({ method: 'notifications/tools/list_changed' }); answer({ content: [] });";
    const server = programs.program("desk", { description: "first", act: change });
    const directory = new MovingDirectory([server]);
    const host = opened(testHost([server], { directory }));
    const descriptions = async () => (await host.open()).tools.map(({ description }) => description);
    expect(await descriptions()).toEqual(["first"]);
    await programs.describe("desk", "second");
    directory.learned.clear();
    await toolOf(await host.open(), "desk__act").call({}, callContext());
    await waitFor(async () => (await descriptions())[0] === "second");
  });
});

describe("programs of which nothing is known yet", () => {
  it("are waited for as long as a customer waits; the start goes on, and the next conversation has its tools", async () => {
    const programs = await testPrograms();
    const server = programs.program("desk", { gate: "ready", begin: "console.error('Warming up.');" });
    const host = opened(testHost([server], { listWaitMs: 5_000 }));
    const opening = host.open("one");
    await waitFor(async () => (await programs.starts()).length === 1);
    host.advance(5_000);
    expect(await opening).toMatchObject({
      tools: [],
      unavailable: [{ cause: expect.stringContaining("it is started for the first time, and its tools come when it is ready") as string }],
    });
    await programs.open("ready");
    await waitFor(async () => (await host.open("two")).tools.length === 1);
    expect(await programs.starts()).toHaveLength(1);
  });

  it("are started ahead a few at a time, and each once", async () => {
    const programs = await testPrograms();
    const few = names.slice(0, 6);
    const servers = few.map((key) => programs.program(key, { gate: "ready" }));
    const directory = new MovingDirectory(servers);
    // Time does not pass: a start that takes long would let others in.
    const clock = { now: () => 0, after: () => () => undefined, id: () => crypto.randomUUID(), random: () => 0.5 };
    const host = opened(testHost(servers, { directory, clock }));
    host.tools.learn(few);
    host.tools.learn(few);
    await waitFor(async () => (await programs.starts()).length === 2);
    await programs.open("ready");
    await waitFor(() => directory.learned.size === 6);
    expect(await programs.starts()).toHaveLength(6);
    let running = 0;
    let most = 0;
    for (const note of await programs.notes()) {
      if (note.includes(" start ")) most = Math.max(most, (running += 1));
      if (note.endsWith(" listed")) running -= 1;
    }
    expect(most).toBeLessThanOrEqual(2);
    expect((await host.open()).tools).toHaveLength(6);
    for (const pid of await programs.starts()) await waitFor(() => !isRunning(pid));
  });

  it("are tried again when they failed, after a pause that grows", async () => {
    const programs = await testPrograms();
    const server = programs.program("desk", {
      begin: "if (!existsSync(at('licence'))) { console.error('No licence.'); process.exit(1); }",
    });
    const directory = new MovingDirectory([server]);
    const host = opened(testHost([server], { directory }));
    host.tools.learn(["desk"]);
    await waitFor(() => directory.seen.length === 1);
    expect(directory.seen[0]).toContain("Its last words: No licence.");
    host.advance(29_000);
    expect(await programs.starts()).toHaveLength(1);
    host.advance(1_000);
    await waitFor(() => directory.seen.length === 2);
    host.advance(30_000);
    expect(await programs.starts()).toHaveLength(2);
    await programs.open("licence");
    host.advance(30_000);
    await waitFor(() => directory.learned.size === 1);
    expect(directory.seen.at(-1)).toBeUndefined();
  });
});
