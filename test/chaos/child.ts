/**
 * The whole server in a process of its own that ends itself by SIGKILL: before or after the n-th call of any port, counted from the first append on.
 * Environment: KILL_AT (n; absent: never), KILL_WHEN (before | after), KILL_LOG (a file: the point where it ended), and the server's own.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../../server/config.ts";
import { startServer } from "../../server/main.ts";
import type { WrapPort } from "../../server/wrap-ports.ts";

const killAt = Number(process.env["KILL_AT"] ?? "0");
const when = process.env["KILL_WHEN"];
const logFile = process.env["KILL_LOG"] ?? "/dev/null";

/** These have no effects: dying at one of them is dying at the next call that has some. */
const NOT_COUNTED = new Set(["clock", "assistants", "meter"]);
const NOT_COUNTED_CALLS = new Set(["store.listDue", "store.close", "tools.close", "models.close"]);

let counting = false;
let count = 0;

function point(name: string, moment: "before" | "after"): void {
  if (moment === "before") count += 1;
  if (count !== killAt || moment !== when) return;
  appendFileSync(logFile, `${when} ${name}\n`);
  process.kill(process.pid, "SIGKILL");
}

const wrapPort: WrapPort = (name, port) => {
  if (NOT_COUNTED.has(name)) return port;
  return new Proxy(port, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof value !== "function") return value;
      return (...values: unknown[]) => {
        const call = `${name}.${String(key)}`;
        if (call === "store.append") counting = true;
        if (!counting || NOT_COUNTED_CALLS.has(call)) return (value as (...all: unknown[]) => unknown).apply(target, values);
        const detail = call === "store.append" ? ` ${appendedTypes(values[0])}` : "";
        point(call + detail, "before");
        const result = (value as (...all: unknown[]) => unknown).apply(target, values);
        return after(result, call + detail);
      };
    },
  });
};

function appendedTypes(append: unknown): string {
  return (append as { events: { type: string }[] }).events.map((event) => event.type).join("+");
}

/** The moment after a call: when its promise is kept, when its stream gives a part, at once otherwise. */
function after(result: unknown, call: string): unknown {
  if (result instanceof Promise) {
    return result.then((kept: unknown) => {
      point(call, "after");
      return kept;
    });
  }
  if (typeof result === "object" && result !== null && Symbol.asyncIterator in result) return parts(result as AsyncIterable<unknown>, call);
  point(call, "after");
  return result;
}

async function* parts(stream: AsyncIterable<unknown>, call: string): AsyncGenerator<unknown> {
  for await (const part of stream) {
    point(`${call} part`, "before");
    yield part;
    point(`${call} part`, "after");
  }
}

// "after" belongs to the call whose number was given last: with calls in flight at once a point may be named by its neighbour, every moment is still met.
const settings = readSettings();
const server = await startServer(settings, { wrapPort, widgetFolder: join(settings.dataDir, "no-widget") });
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
process.on("disconnect", () => process.exit(0));
