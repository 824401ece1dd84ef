import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreOpenError } from "../../server/store/store-open-error.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface Acknowledged {
  readonly conversationId: string;
  readonly messageId: string;
  readonly seq: number;
}

const CONVERSATIONS = 8;

describe("a process that is killed in the middle of its appends", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await folder.remove();
  });

  for (const appends of [1, 37, 400])
    test(`leaves a whole journal, with every acknowledged append in it (killed after ${appends})`, async () => {
      const path = join(folder.path, "frontdesk.db");
      const acknowledged = await appendAndKill(path, appends);
      expect(acknowledged.length).toBeGreaterThanOrEqual(appends);

      const store = await openSqliteStore({ path });
      try {
        for (const { conversationId, messageId, seq } of acknowledged)
          expect(await store.readFrom(conversationId, seq, 1)).toMatchObject([{ seq, messageId }]);
        for (let index = 0; index < CONVERSATIONS; index += 1) {
          const id = `conversation-${index}`;
          const journal = await store.readFrom(id, 1, 100_000);
          expect(journal.map((event) => event.seq)).toEqual(journal.map((_, position) => position + 1));
          expect((await store.find(id))?.lastSeq ?? 0).toBe(journal.length);
          // One first message, then batches of a message and two stops: none is there in part.
          expect(journal.length === 0 || (journal.length - 1) % 3 === 0).toBe(true);
        }
      } finally {
        await store.close();
      }
    });

  test("frees its database and its leases at once", async () => {
    const path = join(folder.path, "frontdesk.db");
    const acknowledged = await appendAndKill(path, CONVERSATIONS * 5, async () => {
      const second = openSqliteStore({ path });
      await expect(second).rejects.toThrow(StoreOpenError);
      await expect(second).rejects.toThrow(`Another Frontdesk uses DATA_DIR ${folder.path}.`);
    });

    const store = await openSqliteStore({ path });
    try {
      const { conversationId } = acknowledged[0]!;
      expect(await store.listDue(2, 100)).toContain(conversationId);
      const taken = await store.acquireLease({ conversationId, holder: "node-2", now: 2, untilMs: 10 });
      expect(taken!.lease.fence).toBe(2);
      const dead = store.append({ conversationId, at: 3, lease: { conversationId, fence: 1 }, events: [] });
      await expect(dead).rejects.toThrow("was lost");
    } finally {
      await store.close();
    }
  });

  async function appendAndKill(path: string, appends: number, whileRunning?: () => Promise<void>): Promise<readonly Acknowledged[]> {
    const script = fileURLToPath(new URL("appending-process.ts", import.meta.url));
    const running = spawn(process.execPath, [script, path, String(CONVERSATIONS)], { stdio: ["ignore", "pipe", "inherit"] });
    child = running;
    const closed = once(running, "close");
    const acknowledged: Acknowledged[] = [];
    let checking: Promise<void> | undefined;
    for await (const line of createInterface({ input: running.stdout! })) {
      const said: Acknowledged | { ready: true } = JSON.parse(line);
      if ("ready" in said) checking = whileRunning?.();
      else acknowledged.push(said);
      if (acknowledged.length >= appends && !running.killed) {
        await checking;
        running.kill("SIGKILL");
      }
    }
    await closed;
    return acknowledged;
  }
});
