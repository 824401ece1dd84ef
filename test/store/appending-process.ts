/**
 * A process that appends as fast as it can until it is killed: `appending-process.ts <database> <conversations>`. It
 * writes one line of JSON to its standard output for each append that was acknowledged, and `{"ready":true}` once the
 * database is open.
 */
import { writeSync } from "node:fs";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { message, stop } from "../contract/store-drafts.ts";

const [path, count] = process.argv.slice(2);
if (path === undefined) throw new Error("Give the database's path.");
const store = await openSqliteStore({ path });
say({ ready: true });

await Promise.all(Array.from({ length: Number(count) }, (_, index) => appendForEver(`conversation-${index}`)));

async function appendForEver(conversationId: string): Promise<void> {
  const create = { assistant: "shop", customerId: "customer-1" };
  await store.append({ conversationId, at: 1, create, events: [message("message-first")] });
  const lease = await store.acquireLease({ conversationId, holder: "node-1", now: 1, untilMs: Number.MAX_SAFE_INTEGER });
  for (let batch = 0; ; batch += 1) {
    const messageId = `message-${batch}`;
    const { events } = await store.append({
      conversationId,
      at: batch,
      lease: lease!.lease,
      events: [message(messageId, "x".repeat(300)), stop(), stop()],
    });
    say({ conversationId, messageId, seq: events[0]!.seq });
  }
}

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
