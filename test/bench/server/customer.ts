import { randomUUID } from "node:crypto";
import { nowMicros } from "../samples.ts";
import { delaysIn, FIRST_STAMP, LAST_STAMP, type Scenario } from "./scenario.ts";
import { RawWebSocket } from "./web-socket.ts";

/** When things of one turn happened, in microseconds of the machine's clock. */
export interface TurnTimes {
  readonly sent: number;
  /** The request at the model. */
  readonly asked: number;
  /** The first token: left the model, reached the customer. */
  readonly firstLeft: number;
  readonly firstCame: number;
  readonly lastLeft: number;
  readonly lastCame: number;
  /** The end of the turn reached the customer. */
  readonly ended: number;
}

/** Where the page of these customers lies. */
export const ORIGIN = "http://shop.test";

interface Waiting {
  readonly times: { -readonly [key in keyof TurnTimes]: number };
  readonly done: (times: TurnTimes) => void;
  readonly failed: (error: Error) => void;
}

interface Reply {
  readonly ok: boolean;
  readonly error?: { readonly code: string };
}

/** A customer with one conversation, on a socket.io connection spoken by hand. Counts the tokens that come. */
export class Customer {
  conversationId: string = randomUUID();
  token = "";
  customerId = "";
  /** Characters of text that came, all answers together. */
  characters = 0;
  /** Bytes of the frames with text, their heads included. */
  textBytes = 0;
  /** How long the stamped tokens were under way, in microseconds. */
  delays: number[] = [];
  #web: RawWebSocket | undefined;
  #waiting: Waiting | undefined;
  #welcomed: (() => void) | undefined;
  readonly #replies = new Map<number, (reply: Reply) => void>();
  #requests = 0;

  /** Connects, is welcomed, and listens to its conversation. */
  static async connect(serverUrl: string, { token, conversationId }: { token?: string; conversationId?: string } = {}): Promise<Customer> {
    const customer = new Customer();
    if (conversationId !== undefined) customer.conversationId = conversationId;
    const welcomed = new Promise<void>((resolve) => (customer.#welcomed = resolve));
    const url = new URL("/line/?EIO=4&transport=websocket", serverUrl);
    customer.#web = await RawWebSocket.open(url, { Origin: ORIGIN, "User-Agent": BROWSER }, (text) => customer.#hear(text));
    const hello = { version: 1, assistant: "shop", sessionId: randomUUID(), more: true, ...(token === undefined ? {} : { token }) };
    customer.#web.send(`40${JSON.stringify(hello)}`);
    await welcomed;
    await customer.request("conversation-open", { conversationId: customer.conversationId });
    return customer;
  }

  async request(name: string, frame: unknown): Promise<void> {
    const id = (this.#requests += 1);
    const reply = await new Promise<Reply>((resolve) => {
      this.#replies.set(id, resolve);
      this.#web?.send(`42${id}${JSON.stringify([name, frame])}`);
    });
    if (!reply.ok) throw new Error(`The server refused ${name}: ${JSON.stringify(reply.error)}`);
  }

  /** Sends a message and waits for the end of its turn. */
  ask(scenario: Scenario): Promise<TurnTimes> {
    return new Promise((done, failed) => {
      const none = { asked: 0, firstLeft: 0, firstCame: 0, lastLeft: 0, lastCame: 0, ended: 0 };
      this.#waiting = { times: { sent: nowMicros(), ...none }, done, failed };
      const frame = { conversationId: this.conversationId, messageId: randomUUID(), text: JSON.stringify(scenario) };
      this.request("message-send", frame).catch(failed);
    });
  }

  close(): void {
    this.#web?.close();
  }

  #hear(packet: string): void {
    if (packet.startsWith(MORE_BEGINS))
      return this.#hearText(packet, packet.indexOf('"', MORE_BEGINS.length) + 1, packet.length - '"]]'.length);
    if (packet.startsWith('42["text"')) {
      const start = packet.lastIndexOf(TEXT_BEGINS) + TEXT_BEGINS.length;
      return this.#hearText(packet, start, packet.indexOf('"', start));
    }
    if (packet === "2") return this.#web?.send("3");
    if (packet.startsWith("43")) return this.#hearReply(packet);
    if (packet.startsWith("44")) throw new Error(`The server refused a customer: ${packet}`);
    if (!packet.startsWith("42")) return;
    const [name, frame] = JSON.parse(packet.slice(2)) as [
      string,
      { token?: string; customerId?: string; events?: { type: string; outcome?: string }[] },
    ];
    if (name === "welcome") {
      this.token = frame.token ?? "";
      this.customerId = frame.customerId ?? "";
      this.#welcomed?.();
    } else if (name === "events") {
      const end = frame.events?.find(({ type }) => type === "turn-ended");
      if (end !== undefined) this.#end(end);
    }
  }

  /** None of the mock's words needs an escape, so the text is cut out and not parsed: the load must weigh little. */
  #hearText(packet: string, start: number, end: number): void {
    const length = end - start;
    this.characters += length;
    this.textBytes += packet.length + (packet.length < 126 ? 2 : 4);
    const times = this.#waiting?.times;
    if (times === undefined) return;
    if (times.firstCame === 0) {
      times.firstCame = nowMicros();
      const [, asked, left] = FIRST_STAMP.exec(packet) ?? [];
      times.asked = Number(asked);
      times.firstLeft = Number(left);
    }
    this.delays.push(...delaysIn(packet.slice(start, end), nowMicros()));
    const last = length < LAST_STAMP_CHARACTERS ? null : LAST_STAMP.exec(packet.slice(start));
    if (last === null) return;
    times.lastCame = nowMicros();
    times.lastLeft = Number(last[1]);
  }

  #hearReply(packet: string): void {
    const start = packet.indexOf("[");
    const id = Number(packet.slice(2, start));
    const [reply] = JSON.parse(packet.slice(start)) as [Reply];
    this.#replies.get(id)?.(reply);
    this.#replies.delete(id);
  }

  #end(end: { outcome?: string }): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    waiting.times.ended = nowMicros();
    if (end.outcome === "done") waiting.done(waiting.times);
    else waiting.failed(new Error(`A turn ended so: ${JSON.stringify(end)}`));
  }
}

const MORE_BEGINS = '42["more",';
const TEXT_BEGINS = '"text":"';
const LAST_STAMP_CHARACTERS = 17;
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/** Connects many, some at a time. */
export async function connectMany(serverUrl: string, count: number): Promise<Customer[]> {
  const customers: Customer[] = [];
  while (customers.length < count) {
    const next = Math.min(20, count - customers.length);
    customers.push(...(await Promise.all(Array.from({ length: next }, () => Customer.connect(serverUrl)))));
  }
  return customers;
}
