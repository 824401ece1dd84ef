/**
 * A process that wants a token: `node refresh-racer.ts '<RacerOptions as JSON>'`. Says `ready`, waits for a line on its
 * standard input, asks five times at once, and says the answers as JSON.
 */
import { once } from "node:events";
import { createConnections } from "../../server/oauth/connections.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";

export interface RacerOptions {
  readonly path: string;
  readonly url: string;
  readonly publicUrl: string;
  readonly customerId: string;
  /** How far this process's clock is moved on. */
  readonly movedMs: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as RacerOptions;
const store = await openSqliteStore({ path: options.path, exclusive: false });
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { authorizations } = createConnections({
  documents: store.documents,
  box: createSecretBox({ keys: [Buffer.alloc(32, 7)] }),
  fetch: createGuardedFetch({ allowPrivate: ["localhost", "127.0.0.1"] }),
  clock: { ...systemClock, now: () => systemClock.now() + options.movedMs },
  log: silent,
  publicUrl: () => options.publicUrl,
  servers: (key) => ({ key, name: "Orders", url: options.url }),
  onConnected: () => undefined,
  mayConnect: async () => true,
});
process.stdout.write("ready\n");
await once(process.stdin, "data");
const owner = { kind: "customer", id: options.customerId } as const;
const answers = await Promise.all(Array.from({ length: 5 }, () => authorizations.token("orders", owner)));
process.stdout.write(`${JSON.stringify(answers)}\n`);
await store.close();
process.exit(0);
