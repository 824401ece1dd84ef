/**
 * The server is killed (SIGKILL) before and after every call of every port between the first append and the end of a
 * turn with two tools, one of which needs the customer's approval. The model, the MCP server and the customer are
 * processes or sockets of their own and go on; the server is started anew on the same folder.
 */
import { fork, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModel } from "../../demo/model/server.ts";
import { startOrders } from "../../demo/orders/server.ts";
import { orderStateSchema } from "../../demo/orders/order.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { bundleProgram } from "../support/bundle-program.ts";
import { Customer } from "./customer.ts";

let program: string;
let model: Awaited<ReturnType<typeof startModel>>;
beforeAll(async () => {
  program = await bundleProgram(join(import.meta.dirname, "child.ts"), "chaos");
  model = await startModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 });
});
afterAll(async () => {
  await model.close();
});

const LANES = 3;

interface Kill {
  readonly at: number;
  readonly when: "before" | "after";
}

interface Ended {
  /** Where it was killed; undefined: the turn ended before that call came. */
  readonly point: string | undefined;
  readonly calls: Readonly<Record<string, string>>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function configuration(folder: string, ordersUrl: string): Promise<string> {
  const file = join(folder, "frontdesk.json");
  const permissions = { "*": "needs_approval", lookup_order: "always_allow" };
  await writeFile(
    file,
    JSON.stringify({
      assistants: {
        shop: {
          name: "Shop",
          prompt: "You help.",
          model: { provider: "openai-compatible", model: "scripted", baseUrl: `${model.url}/v1`, apiKey: "none" },
          allowedOrigins: ["https://shop.example"],
          connectors: { orders: { permissions } },
        },
      },
      mcpServers: { orders: { name: "Orders", url: `${ordersUrl}/mcp`, connectTimeoutMs: 60_000 } },
      network: { allowPrivate: ["127.0.0.1"] },
    }),
  );
  return file;
}

function start(folder: string, config: string, port: number, kill: Kill | undefined): ChildProcess {
  return fork(program, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      FRONTDESK_CONFIG: config,
      DATA_DIR: join(folder, "data"),
      PORT: String(port),
      HOST: "127.0.0.1",
      LOG_LEVEL: "fatal",
      KILL_LOG: join(folder, "killed"),
      ...(kill === undefined ? {} : { KILL_AT: String(kill.at), KILL_WHEN: kill.when }),
    },
  });
}

/** One turn with one kill in it, and everything that must hold afterwards. */
async function runOnce(kill: Kill): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-kill-"));
  const orders = await startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 0 });
  const config = await configuration(folder, orders.url);
  const port = await freePort();
  let child = start(folder, config, port, kill);
  let over = false;
  const broken = Promise.withResolvers<never>();
  const restart = (_code: number | null, signal: string | null) => {
    if (over) return;
    if (signal !== "SIGKILL") broken.reject(new Error("The server ended by itself; see its output."));
    else child = start(folder, config, port, undefined).on("exit", restart);
  };
  child.on("exit", restart);
  const conversationId = `conversation-${kill.when}-${kill.at}`;
  const customer = new Customer(`http://127.0.0.1:${port}`, conversationId);
  try {
    await Promise.race([broken.promise, converse(customer, conversationId, { orders: orders.url, desk: `http://127.0.0.1:${port}` })]);
    await checkOrders(orders.url, conversationId);
  } finally {
    over = true;
    customer.close();
    const gone = new Promise((resolve) =>
      (child.exitCode ?? child.signalCode) === null ? child.once("exit", resolve) : resolve(undefined),
    );
    child.kill("SIGKILL");
    await gone;
    await orders.close();
  }
  const calls = await checkJournal(folder, conversationId, customer.events.length);
  const log = join(folder, "killed");
  const point = existsSync(log) ? readFileSync(log, "utf8").trim() : undefined;
  await rm(folder, { recursive: true, force: true });
  return { point, calls };
}

/** A customer asks for a refund, approves it, and sees the turn end; a second page sees the same. */
async function converse(customer: Customer, conversationId: string, urls: { orders: string; desk: string }): Promise<void> {
  const sent = await customer.request("message-send", { conversationId, messageId: "message-one", text: "Refund order 1042" });
  expect(sent).toMatchObject({ ok: true });
  await customer.until(() => customer.find("approval-requested") !== undefined || customer.find("turn-ended") !== undefined);
  const asked = customer.find("approval-requested");
  if (asked !== undefined) {
    const { approvalId, argumentsHash } = asked;
    const refunds = (await state(urls.orders)).orders.flatMap((order) => order.refunds);
    if (customer.find("approval-decided") === undefined) expect(refunds.filter((refund) => refund.chatId === conversationId)).toEqual([]);
    const reply = await customer.request("approval-decide", { conversationId, approvalId, argumentsHash, decision: "approved" });
    // A lost acknowledgement makes the repeat come second; that is an answer, too.
    if (!reply.ok) expect(reply.error.code).toBe("already-decided");
  }
  await customer.until(() => customer.find("turn-ended") !== undefined);
  const second = new Customer(urls.desk, conversationId, customer.token);
  await second.until(() => second.find("turn-ended") !== undefined);
  expect(second.events).toEqual(customer.events);
  second.close();
}

async function state(url: string) {
  return orderStateSchema.parse(await (await fetch(`${url}/state`)).json());
}

async function checkOrders(url: string, conversationId: string): Promise<void> {
  const { calls, orders } = await state(url);
  const mine = calls.filter((call) => call.chatId === conversationId);
  for (const tool of ["lookup_order", "refund_order"])
    expect(mine.filter((call) => call.tool === tool).length, `${tool} ran`).toBeLessThanOrEqual(1);
  expect(orders.flatMap((order) => order.refunds).length).toBeLessThanOrEqual(1);
}

/** Numbers without gaps, every call ended, none started without its approval; what the journal says of each tool. */
async function checkJournal(folder: string, conversationId: string, seen: number): Promise<Readonly<Record<string, string>>> {
  const store = await openSqliteStore({ path: join(folder, "data", "frontdesk.sqlite") });
  try {
    const events = await store.readFrom(conversationId, 1, 10_000);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.length).toBe(seen);
    expect(events.filter((event) => event.type === "message-received")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "turn-ended", outcome: "done" });
    const calls: Record<string, string> = {};
    for (const call of events) {
      if (call.type !== "tool-call-proposed") continue;
      const own = events.filter((event) => "callId" in event && event.callId === call.callId);
      const ends = own.filter((event) => event.type === "tool-call-ended");
      expect(ends).toHaveLength(1);
      const started = own.filter((event) => event.type === "tool-call-started");
      expect(started.length).toBeLessThanOrEqual(1);
      if (call.tool.tool === "refund_order" && started.length > 0) {
        const decided = own.find((event) => event.type === "approval-decided");
        expect(decided).toMatchObject({ decision: "approved" });
        expect(decided?.seq).toBeLessThan(started[0]?.seq ?? 0);
      }
      const [end] = ends;
      if (end?.type === "tool-call-ended")
        calls[call.tool.tool] = end.refusal === undefined ? end.outcome : `${end.outcome}: ${end.refusal}`;
    }
    return calls;
  } finally {
    await store.close();
  }
}

test(
  "a server that is killed at any moment of a turn ends it properly, runs nothing twice and nothing unapproved",
  { timeout: 900_000 },
  async () => {
    const points: string[] = [];
    const outcomes = new Set<string>();
    let at = 0;
    let over = false;
    const kill = async (mine: number, when: "before" | "after"): Promise<boolean> => {
      const { point, calls } = await runOnce({ at: mine, when }).catch((error: unknown) => {
        throw new Error(`Killed ${when} call ${mine}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
      if (point !== undefined) points.push(`${mine} ${point}`);
      for (const [tool, outcome] of Object.entries(calls)) outcomes.add(`${tool} ${outcome}`);
      return point !== undefined;
    };
    const lane = async (): Promise<void> => {
      while (!over) {
        at += 1;
        const mine = at;
        // The turn ended before there was a call of this number. (A stream's opening has no "after": its parts have.)
        if (await kill(mine, "before")) await kill(mine, "after");
        else over = true;
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    points.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    console.log(`Killed at ${points.length} points:\n${points.join("\n")}\nOutcomes: ${[...outcomes].toSorted().join(", ")}`);
    const met = points.join("\n");
    for (const moment of [
      "message-received",
      "turn-started",
      "approval-requested",
      "approval-decided",
      "tool-call-started",
      "tool-call-ended",
      "turn-ended",
    ])
      expect(met, `no kill around ${moment}`).toContain(moment);
    for (const call of ["before tool.call", "after tool.call", "model.stream part", "before room.events", "store.releaseLease"])
      expect(met).toContain(call);
    // A kill between the start and the end of a call is seen as such, and a call that was not interrupted went through.
    for (const outcome of ["refund_order ok", "refund_order unknown", "lookup_order unknown"]) expect([...outcomes]).toContain(outcome);
  },
);
