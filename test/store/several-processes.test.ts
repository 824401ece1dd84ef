import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { begin, CONVERSATION } from "../contract/store-drafts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface Shared {
  readonly lost: number;
  readonly taken: readonly string[];
}

const ROUNDS = 25;

describe("several processes on one database", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  const opened: OpenedStore[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, "frontdesk.db");
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, "close");
      child.kill("SIGKILL");
      await ended;
    }
    for (const store of opened.splice(0)) await store.close();
    await folder.remove();
  });

  async function open(exclusive: boolean): Promise<OpenedStore> {
    const store = await openSqliteStore({ path, exclusive });
    opened.push(store);
    return store;
  }

  test("make it together, lose no change, take each document once, and number one journal", async () => {
    // Nobody has made the file: both bring it to the schema at once.
    await share(0);
    const store = await open(false);
    const waiting = Array.from({ length: ROUNDS }, (_, round) => `round-${round}`);
    await store.documents.write(
      waiting.map((id) => ({ do: "create", kind: "sign-in", id, body: 1 }) as const),
      { at: 1 },
    );
    const [first, second] = await share(ROUNDS);

    expect((await store.documents.get("connection", "counter", 1))?.body).toEqual({ count: 2 * ROUNDS });
    expect([...first.taken, ...second.taken].toSorted()).toEqual(waiting.toSorted());
    const journal = await store.readFrom(CONVERSATION, 1, 1_000);
    expect(journal.map((event) => event.seq)).toEqual(Array.from({ length: 2 * ROUNDS }, (_, index) => index + 1));
  });

  test("leave each other's leases alone; only one who is alone voids them", async () => {
    const first = await open(false);
    await begin(first);
    await first.acquireLease({ conversationId: CONVERSATION, holder: "node-1", now: 1, untilMs: 100 });
    const second = await open(false);
    const request = { conversationId: CONVERSATION, holder: "node-2", untilMs: 200 };
    expect(await second.acquireLease({ ...request, now: 99 })).toBeUndefined();
    await first.close();
    await second.close();
    expect(await (await open(true)).acquireLease({ ...request, now: 50 })).toBeDefined();
  });

  test("all have to agree: one who wants it alone is refused, and lets nobody in", async () => {
    const shared = await open(false);
    await expect(openSqliteStore({ path })).rejects.toThrow("Another Frontdesk uses DATA_DIR");
    await shared.close();
    await open(true);
    const refused = start("a", 0, "pipe");
    refused.begin();
    expect(await text(refused.child.stderr!)).toContain("Another Frontdesk uses DATA_DIR");
  });

  /** Two processes, which begin when both are ready. */
  async function share(rounds: number): Promise<readonly [Shared, Shared]> {
    const both = [start("a", rounds, "inherit"), start("b", rounds, "inherit")] as const;
    await Promise.all(both.map(({ said }) => said.next()));
    for (const { begin } of both) begin();
    const [first, second] = await Promise.all(both.map(({ said }) => said.next()));
    return [JSON.parse(String(first!.value)), JSON.parse(String(second!.value))];
  }

  function start(name: string, rounds: number, errors: "inherit" | "pipe") {
    const script = fileURLToPath(new URL("sharing-process.ts", import.meta.url));
    const child = spawn(process.execPath, [script, path, name, String(rounds)], { stdio: ["pipe", "pipe", errors] });
    children.push(child);
    return { child, said: createInterface({ input: child.stdout! })[Symbol.asyncIterator](), begin: () => void child.stdin!.end() };
  }
});
