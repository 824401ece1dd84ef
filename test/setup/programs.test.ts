import { describe, expect, it, onTestFinished } from "vitest";
import { createMcpTools } from "../../server/tools/mcp/mcp-tools.ts";
import { quietLog } from "../model/test-clock.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { anyToolOf, assistantWith, callContext, finished } from "../support/mcp-host.ts";
import { testPrograms, type TestPrograms } from "../support/mcp-programs.ts";
import { noAuthorizations, type WrittenLocal } from "../support/static-directory.ts";
import { waitFor } from "../support/wait-for.ts";
import { ADMIN, SIGNAL, testRegistry, testTime } from "./registry-harness.ts";

/** A server that knows its programs from the file, and what it kept of them. */
async function running(program: WrittenLocal, documents = createMemoryDocuments(), clock = testTime()) {
  const registry = await testRegistry({ documents, clock, fileServers: [program] });
  const { directory } = registry;
  const host = createMcpTools({ directory, authorizations: noAuthorizations, fetch, clock, log: quietLog });
  onTestFinished(() => host.close());
  const open = async (conversationId = "conversation-1") =>
    host.open({
      assistant: assistantWith([program.key]),
      conversationId,
      customerId: "customer-1",
      sessionId: "session-1",
      signal: SIGNAL,
    });
  return {
    registry,
    host,
    names: async () => (await open()).tools.map(({ name }) => name),
    call: async (conversationId?: string) => finished(anyToolOf(await open(conversationId), `${program.key}__act`).call({}, callContext())),
    status: async () => (await registry.servers.get(ADMIN, program.key)).server.status,
    /** As a process that ends. */
    stop: async () => {
      await host.close();
      await registry.close();
    },
  };
}

async function learnt(programs: TestPrograms, program: WrittenLocal) {
  const documents = createMemoryDocuments();
  const first = await running(program, documents);
  first.host.learn(first.registry.directory.unlearnt());
  await waitFor(() => first.registry.statuses.programOf(program.key));
  await first.stop();
  expect(await programs.starts()).toHaveLength(1);
  return documents;
}

describe("a program of the configuration file", () => {
  it("is offered after a restart from what was accepted, without a process", async () => {
    const programs = await testPrograms();
    const program = programs.program("desk");
    const { names, registry, status, call } = await running(program, await learnt(programs, program));
    expect(registry.directory.unlearnt()).toEqual([]);
    expect(await names()).toEqual(["desk__act"]);
    expect(await status()).toMatchObject({ status: "connected", toolCount: 1 });
    expect(JSON.stringify(await registry.servers.get(ADMIN, "desk"))).not.toContain("program");
    expect(await programs.starts()).toHaveLength(1);
    expect(await call()).toMatchObject({ outcome: "ok" });
    expect(await programs.starts()).toHaveLength(2);
  });

  it.each([
    ["its arguments", (program: WrittenLocal) => ({ ...program, args: [...(program.args ?? []), "--more"] })],
    ["its environment", (program: WrittenLocal) => ({ ...program, env: { TOOLSETS: "all" } })],
    ["its command", (program: WrittenLocal) => ({ ...program, command: "node" })],
  ])("is learnt again when %s changed, and offered as it was meanwhile", async (_what, change) => {
    const programs = await testPrograms();
    const program = programs.program("desk");
    const documents = await learnt(programs, program);
    const { names, registry } = await running(change(program), documents);
    expect(registry.directory.unlearnt()).toEqual(["desk"]);
    expect(await names()).toEqual(["desk__act"]);
    expect(await programs.starts()).toHaveLength(1);
  });

  it("that changed a tool is not called with it: the tool waits until somebody accepts the change", async () => {
    const programs = await testPrograms();
    const program = programs.program("desk", { description: "Looks it up." });
    const { names, call, registry } = await running(program, await learnt(programs, program));
    await programs.describe("desk", "Looks it up and sends it away.");
    expect(await names()).toEqual(["desk__act"]);
    expect(await call()).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("nobody has accepted the change yet") as string,
    });
    expect(await programs.notes()).not.toContain("desk call");
    expect(await names()).toEqual([]);
    const { change } = await registry.tools.get(ADMIN, "desk", "act");
    await registry.tools.accept(ADMIN, "desk", "act", change?.hash ?? "");
    expect(await names()).toEqual(["desk__act"]);
    expect(await call()).toMatchObject({ outcome: "ok" });
    await registry.tools.enable(ADMIN, "desk", "act", false);
    expect(await names()).toEqual([]);
  });

  it("that ended is shown with its last words", async () => {
    const programs = await testPrograms();
    const program = programs.program("desk", { act: "console.error('Out of memory.'); process.exit(1);" });
    const { call, status } = await running(program, await learnt(programs, program));
    expect(await call()).toMatchObject({ outcome: "unknown" });
    await waitFor(async () => (await status()).status === "disconnected");
    expect(await status()).toMatchObject({
      reason: "program-ended",
      detail: expect.stringMatching(/its process ended\. Its last words: Out of memory\.$/) as string,
      advice: expect.stringContaining("next call starts it again") as string,
      toolCount: 1,
    });
  });

  it("that cannot be started is shown with what it said, and offered again once it can", async () => {
    const programs = await testPrograms();
    const program = programs.program("desk", {
      begin: "if (!existsSync(at('licence'))) { console.error('No licence.'); process.exit(1); }",
    });
    const { host, names, status, registry } = await running(program);
    host.learn(registry.directory.unlearnt());
    await waitFor(async () => (await status()).reason === "program-ended");
    expect(await status()).toMatchObject({
      status: "disconnected",
      detail: expect.stringContaining("Its last words: No licence.") as string,
    });
    expect(await names()).toEqual([]);
    await programs.open("licence");
    registry.clock.move(30_000);
    await waitFor(async () => (await status()).status === "connected");
    expect(await names()).toEqual(["desk__act"]);
  });

  it("tells its last words to whoever tests it, also when it never answers", async () => {
    const programs = await testPrograms();
    const program = programs.program("desk", { gate: "never", begin: "console.error('Host api.example is not found.');" });
    const { registry } = await running(program);
    const testing = registry.servers.test(ADMIN, "desk", SIGNAL);
    await waitFor(async () => (await programs.notes()).some((note) => note.includes("capabilities")));
    // What it wrote has to come through its pipe before the time is over.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    registry.clock.move(60_000);
    const { status } = (await testing).server;
    expect(status).toMatchObject({ status: "disconnected", reason: "connection-failed" });
    expect(status.detail).toMatch(/was not ready within 60000 ms\. Its last words: Host api\.example is not found\.$/);
  });

  it("that is not there is shown so before anybody tests it, with advice that fits a program", async () => {
    const { registry, host, status } = await running({ key: "desk", name: "Desk", command: "no-such-program-anywhere", args: [] });
    host.learn(registry.directory.unlearnt());
    await waitFor(async () => (await status()).status === "disconnected");
    const advice = "Check the spelling of the command, and that it is installed for the user that runs Frontdesk.";
    expect(await status()).toMatchObject({ reason: "server-not-found", advice });
  });

  it.each([
    ["shared", false],
    ["conversation", true],
  ] as const)("of which a process is %s is tested as it is used: whether it may ask people is %s", async (isolation, asks) => {
    const programs = await testPrograms();
    const { registry } = await running(programs.program("desk", {}, { isolation }));
    await registry.servers.test(ADMIN, "desk", SIGNAL);
    const said = (await programs.notes()).find((note) => note.includes("capabilities"));
    expect(said?.includes("elicitation")).toBe(asks);
  });
});
