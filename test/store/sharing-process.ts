/**
 * A process that uses a database beside others: `sharing-process.ts <database> <name> <rounds>`. Each round counts a
 * shared document up from the version it read, and tries to take one document that all processes race for. It says
 * `{"ready":true}`, begins when its standard input ends, and writes one line of JSON when it is done: how often it
 * lost, and what it took.
 */
import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { DocumentConflictError } from "../../server/documents/ports.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { message } from "../contract/store-drafts.ts";

const [path = "", name = "", rounds = "0"] = process.argv.slice(2);
const store = await openSqliteStore({ path, exclusive: false });
const { documents } = store;

writeSync(1, `${JSON.stringify({ ready: true })}\n`);
await text(process.stdin);

let lost = 0;
const taken: string[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  await countUp();
  const found = await documents.take("sign-in", `round-${round}`, 1);
  if (found !== undefined) taken.push(found.id);
  const create = { assistant: "shop", customerId: "customer-1" };
  await store.append({ conversationId: "conversation-1", at: round, create, events: [message(`message-${name}-${round}`)] });
}
writeSync(1, `${JSON.stringify({ lost, taken })}\n`);
await store.close();

async function countUp(): Promise<void> {
  for (;;) {
    const counter = await documents.get("connection", "counter", 1);
    const body = { count: counter === undefined ? 1 : (counter.body as { count: number }).count + 1 };
    try {
      await documents.write(
        [
          counter === undefined
            ? { do: "create", kind: "connection", id: "counter", body }
            : { do: "replace", kind: "connection", id: "counter", body, ifVersion: counter.version },
        ],
        { at: 1 },
      );
      return;
    } catch (cause) {
      if (!(cause instanceof DocumentConflictError)) throw cause;
      lost += 1;
    }
  }
}
