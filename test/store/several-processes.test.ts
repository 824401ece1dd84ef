import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OpenedSqlite, openSqliteStore } from "../../server/store/sqlite-store.ts";
import { begin, CONVERSATION } from "../contract/store-drafts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ROUNDS = 15;

describe("several processes on one database", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  const opened: OpenedSqlite[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, "frontdesk.db");
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await folder.remove();
  });

  async function open(exclusive: boolean): Promise<OpenedSqlite> {
    const store = await openSqliteStore({ path, exclusive });
    opened.push(store);
    return store;
  }

  test("make it together, lose no change, take each document once, and number one journal", async () => {
    // Nobody has made the file: both bring it to the schema at once.
    await Promise.all([share("a", 0), share("b", 0)]);
    const store = await open(false);
    const waiting = Array.from({ length: ROUNDS }, (_, round) => `round-${round}`);
    await store.documents.write(
      waiting.map((id) => ({ do: "create", kind: "sign-in", id, body: 1 }) as const),
      { at: 1 },
    );
    const [first, second] = await Promise.all([share("a", ROUNDS), share("b", ROUNDS)]);

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
    const code = await run("a", 0, "pipe");
    expect(code.error).toContain("Another Frontdesk uses DATA_DIR");
  });

  async function share(name: string, rounds: number): Promise<{ lost: number; taken: string[] }> {
    const { output, code } = await run(name, rounds, "inherit");
    expect(code).toBe(0);
    return JSON.parse(output);
  }

  async function run(
    name: string,
    rounds: number,
    errors: "inherit" | "pipe",
  ): Promise<{ output: string; error: string; code: number | null }> {
    const script = fileURLToPath(new URL("sharing-process.ts", import.meta.url));
    const child = spawn(process.execPath, [script, path, name, String(rounds)], { stdio: ["ignore", "pipe", errors] });
    const ended = new Promise<number | null>((resolve) => {
      child.once("close", resolve);
    });
    const [output, error] = await Promise.all([text(child.stdout!), child.stderr === null ? "" : text(child.stderr)]);
    return { output, error, code: await ended };
  }
});
