/**
 * The server is killed (SIGKILL) before and after every call of every port between the first append and the end of a
 * turn with two tools, one of which needs the customer's approval. The model, the MCP server and the customer are
 * processes or sockets of their own and go on; the server is started anew on the same folder, ends that turn, and is
 * the one that is killed in the next.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModel } from "../../demo/model/server.ts";
import { type OrderServer, startOrders } from "../../demo/orders/server.ts";
import { orderStateSchema } from "../../demo/orders/order.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { layOutOrders, orderNumbers } from "../story/shop-orders.ts";
import { bundleProgram } from "../support/bundle-program.ts";
import { Customer } from "./customer.ts";
import { freePort } from "../support/free-port.ts";
import { forkServer } from "./fork-server.ts";

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
/** More kills than any turn of the test has calls. */
const MOST_POINTS = 400;

interface Kill {
  readonly at: number;
  readonly when: "before" | "after";
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

/** One server on one folder, started anew whenever it is killed, and the shop's orders beside it. */
class Lane {
  readonly url: string;
  readonly orders: OrderServer;
  /** How many events a customer saw, by conversation. */
  readonly seen = new Map<string, number>();
  /** Fails when the server ends by itself. */
  readonly broken: Promise<never>;
  readonly #folder: string;
  readonly #config: string;
  readonly #fail: (error: Error) => void;
  readonly #newOrder = orderNumbers(MOST_POINTS);
  #child: ChildProcess;
  #over = false;

  private constructor(folder: string, config: string, port: number, orders: OrderServer) {
    this.url = `http://127.0.0.1:${port}`;
    this.orders = orders;
    this.#folder = folder;
    this.#config = config;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.broken = promise;
    this.#fail = reject;
    this.#child = this.#start();
  }

  static async open(): Promise<Lane> {
    const folder = await mkdtemp(join(tmpdir(), "frontdesk-kill-"));
    layOutOrders(folder, MOST_POINTS);
    const orders = await startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 0 });
    return new Lane(folder, await configuration(folder, orders.url), await freePort(), orders);
  }

  /**
   * One turn with one kill in it, and what must hold at its end. The server that it meets has just ended the turn
   * before, in which it was not killed. Gives where it was killed; undefined: the turn ended before that call came.
   */
  async run(kill: Kill): Promise<string | undefined> {
    const conversationId = `conversation-${kill.when}-${kill.at}`;
    const log = join(this.#folder, conversationId);
    await this.#arm({ ...kill, log });
    const customer = new Customer(this.url, conversationId);
    const orderId = this.#newOrder();
    try {
      await Promise.race([this.broken, converse(customer, conversationId, { orders: this.orders.url, desk: this.url, orderId })]);
      await checkOrders(this.orders.url, conversationId, orderId);
    } finally {
      customer.close();
    }
    this.seen.set(conversationId, customer.events.length);
    return existsSync(log) ? readFileSync(log, "utf8").trim() : undefined;
  }

  /** Ends everything; gives the folder of the database. */
  async close(): Promise<string> {
    this.#over = true;
    const gone = new Promise((resolve) =>
      (this.#child.exitCode ?? this.#child.signalCode) === null ? this.#child.once("exit", resolve) : resolve(undefined),
    );
    this.#child.kill("SIGKILL");
    await gone;
    await this.orders.close();
    return this.#folder;
  }

  async #arm(kill: Kill & { log: string }): Promise<void> {
    const child = this.#child;
    const armed = new Promise((resolve) => child.once("message", resolve));
    child.send(kill);
    await Promise.race([this.broken, armed]);
  }

  #start(): ChildProcess {
    const child = forkServer(program, { config: this.#config, dataDir: join(this.#folder, "data"), url: this.url });
    return child.on("exit", (_code, signal) => {
      if (this.#over) return;
      if (signal === "SIGKILL") this.#child = this.#start();
      else this.#fail(new Error("The server ended by itself; see its output."));
    });
  }
}

/** A customer asks for a refund, approves it, and sees the turn end; a second page sees the same. */
async function converse(
  customer: Customer,
  conversationId: string,
  urls: { orders: string; desk: string; orderId: string },
): Promise<void> {
  const sent = await customer.request("message-send", { conversationId, messageId: "message-one", text: `Refund order ${urls.orderId}` });
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

async function checkOrders(url: string, conversationId: string, orderId: string): Promise<void> {
  const { calls, orders } = await state(url);
  const mine = calls.filter((call) => call.chatId === conversationId);
  for (const tool of ["lookup_order", "refund_order"])
    expect(mine.filter((call) => call.tool === tool).length, `${tool} ran`).toBeLessThanOrEqual(1);
  expect(orders.find((order) => order.orderId === orderId)?.refunds.length).toBeLessThanOrEqual(1);
  expect(orders.flatMap((order) => order.refunds).filter((refund) => refund.chatId === conversationId).length).toBeLessThanOrEqual(1);
}

/** What the journals of these conversations say of each tool, after each was checked against how much a customer saw. */
async function checkJournals(folder: string, seen: ReadonlyMap<string, number>): Promise<readonly string[]> {
  const store = await openSqliteStore({ path: join(folder, "data", "frontdesk.sqlite") });
  const outcomes: string[] = [];
  try {
    for (const [conversationId, events] of seen) outcomes.push(...(await checkJournal(store, conversationId, events)));
  } finally {
    await store.close();
  }
  return outcomes;
}

/** Numbers without gaps, every call ended, none started without its approval; what the journal says of each tool. */
async function checkJournal(store: Pick<Store, "readFrom">, conversationId: string, seen: number): Promise<readonly string[]> {
  const events = await store.readFrom(conversationId, 1, 10_000);
  expect(
    events.map((event) => event.seq),
    conversationId,
  ).toEqual(events.map((_event, index) => index + 1));
  expect(events.length).toBe(seen);
  expect(events.filter((event) => event.type === "message-received")).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: "turn-ended", outcome: "done" });
  const outcomes: string[] = [];
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
      outcomes.push(`${call.tool.tool} ${end.refusal === undefined ? end.outcome : `${end.outcome}: ${end.refusal}`}`);
  }
  return outcomes;
}

test(
  "a server that is killed at any moment of a turn ends it properly, runs nothing twice and nothing unapproved",
  { timeout: 900_000 },
  async () => {
    const points: string[] = [];
    const lanes = await Promise.all(Array.from({ length: LANES }, () => Lane.open()));
    const outcomes = new Set<string>();
    let at = 0;
    let over = false;
    const kill = async (lane: Lane, mine: number, when: "before" | "after"): Promise<boolean> => {
      const point = await lane.run({ at: mine, when }).catch((error: unknown) => {
        throw new Error(`Killed ${when} call ${mine}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
      if (point !== undefined) points.push(`${mine} ${point}`);
      return point !== undefined;
    };
    const drive = async (lane: Lane): Promise<void> => {
      while (!over) {
        at += 1;
        const mine = at;
        // The turn ended before there was a call of this number. (A stream's opening has no "after": its parts have.)
        if (await kill(lane, mine, "before")) await kill(lane, mine, "after");
        else over = true;
      }
    };
    const driven = await Promise.allSettled(lanes.map(drive));
    const folders = await Promise.all(lanes.map((lane) => lane.close()));
    for (const lane of driven) if (lane.status === "rejected") throw lane.reason;
    for (const [index, folder] of folders.entries()) {
      for (const outcome of await checkJournals(folder, lanes[index]?.seen ?? new Map())) outcomes.add(outcome);
      await rm(folder, { recursive: true, force: true });
    }
    points.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    console.log(`Killed at ${points.length} points:\n${points.join("\n")}\nOutcomes: ${[...outcomes].toSorted().join(", ")}`);
    const met = points.join("\n");
    for (const moment of [
      "message-received",
      // It begins the turn.
      "store.acquireLease",
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
