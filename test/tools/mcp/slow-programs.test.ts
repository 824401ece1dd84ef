import { describe, expect, it } from "vitest";
import { MovingDirectory } from "../../support/mcp-directory.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { opened } from "../../support/mcp-opened.ts";
import { ACT, testPrograms, type TestPrograms } from "../../support/mcp-programs.ts";
import type { WrittenLocal } from "../../support/static-directory.ts";
import { waitFor } from "../../support/wait-for.ts";
import { testTime, type TestTime } from "../../setup/registry-harness.ts";

const WORDS = "console.error('Looking for the licence server.');";

/** A host of programs whose tools are known, at a time that stands until it is moved. */
function hostOf(servers: readonly WrittenLocal[]): { host: TestHost; directory: MovingDirectory; time: TestTime } {
  const time = testTime();
  const directory = new MovingDirectory(servers);
  for (const { key } of servers) directory.learnt(key, [ACT]);
  return { time, directory, host: opened(testHost(servers, { directory, clock: time })) };
}

const call = async (host: TestHost, key = "desk") => toolOf(await host.open(), `${key}__act`).call({}, callContext());
const asked = (programs: TestPrograms) => waitFor(async () => (await programs.notes()).at(-1)?.includes("capabilities"));

describe("a program that is slow to start", () => {
  it.each(["conversation", "call", "shared"] as const)(
    "fails a call that cannot wait, with its last words, and serves the next one without another start (isolation %s)",
    async (isolation) => {
      const programs = await testPrograms();
      const settings = { connectTimeoutMs: 60_000, isolation };
      const { host, time, directory } = hostOf([programs.program("desk", { gate: "ready", begin: WORDS }, settings)]);
      const calling = call(host);
      await asked(programs);
      time.move(60_000);
      expect(await calling).toMatchObject({
        outcome: "failed",
        cause: expect.stringMatching(/was not ready within 60000 ms\. Its last words: Looking for the licence server\.$/) as string,
      });
      expect(directory.seen.at(-1)).toContain("not ready within 60000 ms");
      await programs.open("ready");
      expect(await call(host)).toMatchObject({ outcome: "ok" });
      expect(await programs.starts()).toHaveLength(1);
      expect(directory.seen.at(-1)).toBeUndefined();
    },
  );

  it("has its time from the first request on: waiting for others to start is not its own", async () => {
    const programs = await testPrograms();
    const settings = { connectTimeoutMs: 600_000 };
    const held = ["a", "b", "c", "d"].map((key) => programs.program(key, { gate: "ready" }, settings));
    const { host, time } = hostOf([...held, programs.program("desk", { gate: "desk ready" }, { connectTimeoutMs: 9_000 })]);
    const others = held.map(({ key }) => call(host, key));
    await waitFor(async () => (await programs.starts()).length === 4);
    let ended = false;
    const calling = call(host).finally(() => (ended = true));
    await new Promise(setImmediate);
    time.move(9_000);
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    expect(await programs.starts("desk")).toHaveLength(0);
    // By now the others have had their turn, though none of them is ready.
    time.move(1_000);
    await waitFor(async () => (await programs.notes()).some((note) => note.startsWith("desk capabilities")));
    expect(ended).toBe(false);
    time.move(9_000);
    expect((await calling).cause).toContain("was not ready within 9000 ms");
    await programs.open("ready");
    for (const other of others) expect(await other).toMatchObject({ outcome: "ok" });
  });
});
