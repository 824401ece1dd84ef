/**
 * The whole server in a process of its own that ends itself by SIGKILL: before or after the n-th call of any port,
 * counted from the next append on. Its parent says when, by a message, which is answered once all is quiet.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../../server/start/settings.ts";
import { startServer } from "../../server/start/start-server.ts";
import type { WrapPort } from "../../server/start/wrap-ports.ts";

interface Kill {
  /** The number of the call, from 1. */
  readonly at: number;
  readonly when: "before" | "after";
  /** A file that is told the point where the process ended. */
  readonly log: string;
}

/** These have no effects: dying at one of them is dying at the next call that has some. */
const NOT_COUNTED = new Set(["clock", "assistants", "meter"]);
const NOT_COUNTED_CALLS = new Set(["store.listDue", "store.close", "tools.close", "models.close"]);

let kill: Kill | undefined;
let counting = false;
let count = 0;
/** Calls that have not come back, and turns that ended but are not put down yet. */
let underWay = 0;
let ending = 0;
let onQuiet: (() => void) | undefined;

function point(name: string, moment: "before" | "after", number: number): void {
  if (number !== kill?.at || moment !== kill.when) return;
  appendFileSync(kill.log, `${moment} ${name}\n`);
  process.kill(process.pid, "SIGKILL");
}

process.on("message", (message) => {
  onQuiet = () => {
    kill = message as Kill;
    counting = false;
    count = 0;
    process.send?.("armed");
  };
  quietNow();
});

function quietNow(): void {
  if (underWay > 0 || ending > 0) return;
  onQuiet?.();
  onQuiet = undefined;
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
        if (!counting || NOT_COUNTED_CALLS.has(call) || isLaterText(call, values[0]))
          return (value as (...all: unknown[]) => unknown).apply(target, values);
        const detail = call === "store.append" ? ` ${appendedTypes(values[0])}` : "";
        count += 1;
        const number = count;
        point(call + detail, "before", number);
        if (detail.includes("turn-ended")) ending += 1;
        const result = (value as (...all: unknown[]) => unknown).apply(target, values);
        return after(result, call + detail, number);
      };
    },
  });
};

/** A moment between two deltas of one text is like any other: the first two of a step are met. */
function isLaterText(call: string, value: unknown): boolean {
  return call === "room.text" && (value as { offset: number }).offset > 10;
}

function appendedTypes(append: unknown): string {
  return (append as { events: { type: string }[] }).events.map((event) => event.type).join("+");
}

/** The moment after a call: when its promise is kept, when its stream gives a part, at once otherwise. */
function after(result: unknown, call: string, number: number): unknown {
  if (result instanceof Promise) {
    underWay += 1;
    return result
      .then((kept: unknown) => {
        point(call, "after", number);
        return kept;
      })
      .finally(() => {
        underWay -= 1;
        quietNow();
      });
  }
  if (typeof result === "object" && result !== null && Symbol.asyncIterator in result) return parts(result as AsyncIterable<unknown>, call);
  point(call, "after", number);
  // The last that a run does.
  if (call === "tools.rest") ending = 0;
  quietNow();
  return result;
}

async function* parts(stream: AsyncIterable<unknown>, call: string): AsyncGenerator<unknown> {
  let texts = 0;
  for await (const part of stream) {
    if ((part as { type: string }).type === "text") texts += 1;
    if (texts > 1 && (part as { type: string }).type === "text") {
      yield part;
      continue;
    }
    count += 1;
    const number = count;
    point(`${call} part`, "before", number);
    yield part;
    point(`${call} part`, "after", number);
  }
}

const settings = readSettings();
const server = await startServer(settings, { wrapPort, widgetFolder: process.env["WIDGET_FOLDER"] ?? join(settings.dataDir, "no-widget") });
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
process.on("disconnect", () => process.exit(0));
