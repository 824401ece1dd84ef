import { type ErrorCode, RequestError } from "../../../protocol/errors.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { ParsedRequest, Replies, Reply, RequestName } from "../../../protocol/frames.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import { StoreUnwritableError } from "../../conversation/ports/errors.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { networkOf } from "../../guard/network/address.ts";
import type { Customers } from "../../identity/customers/customers.ts";
import { onceAMinute } from "../once-a-minute.ts";
import { refuseWhileStopping } from "../stopping.ts";
import { conversationOf, isRequestName, readFrame } from "./frame-check.ts";
import { forgetHandshake, readHello, requestOf, welcomeFrame, type WrongPage, wrongPage } from "./hello.ts";
import { IdentityWatch } from "./identity-watch.ts";
import type { LineServer, LineSocket } from "./line-server.ts";
import { NetworkTurns } from "./network-turns.ts";
import { ReadingPace } from "./reading-pace.ts";
import { type LineRequest, REQUESTS } from "./requests.ts";

export interface CustomerGatewayPorts {
  readonly io: LineServer;
  readonly desk: CustomerDesk;
  readonly customers: Customers;
  readonly assistants: Assistants;
  readonly limits: Pick<Limits, "request" | "message">;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly isStopping: () => boolean;
  readonly sightings: LineSightings;
  readonly log: Log;
}

type OpeningRequest = ReturnType<typeof requestOf>;

/** Hears which pages came to which assistant, and which ones were turned away. */
export interface LineSightings {
  seen(assistant: string, request: OpeningRequest): void;
  refused(wrong: WrongPage, request: OpeningRequest): void;
}

type Acknowledge = (reply: unknown) => void;

/** Refused requests of one socket. A page that waits as long as the server says comes nowhere near. */
const MOST_REFUSALS = 200;
/** Refusals that only the owner of the page or of the server can mend. */
const WRONG_SET_UP: readonly ErrorCode[] = ["origin-refused", "unknown-assistant", "identity-required", "identity-refused"];
/** Of what strangers send, no more comes into the log. */
const LONGEST_ORIGIN = 200;
/** When a page may try again after the store could write nothing. */
const UNWRITABLE_MS = 5_000;

/**
 * The customer line: hello, welcome, then requests that are parsed here, limited, and handed to the desk. It decides
 * nothing. Every request is acknowledged exactly once. One that asks for no acknowledgement is not carried out, since
 * nobody would learn how it went.
 */
export class CustomerGateway {
  readonly #ports: CustomerGatewayPorts;
  readonly #networks = new NetworkTurns();
  readonly #isNews: (what: string) => boolean;
  readonly #watch: IdentityWatch;

  constructor(ports: CustomerGatewayPorts) {
    this.#ports = ports;
    this.#isNews = onceAMinute(ports.clock);
    this.#watch = new IdentityWatch(ports.clock);
    ports.io.use((socket, next) => {
      // What is said of a refusal is in the hello, and the hello is gone with the socket.
      this.#hello(socket).then(
        () => next(),
        (error: unknown) => next(this.#connectError(error, socket)),
      );
    });
    ports.io.on("connection", (socket) => this.#welcome(socket));
  }

  async #hello(socket: LineSocket): Promise<void> {
    refuseWhileStopping(this.#ports.isStopping);
    const request = requestOf(socket);
    const hello = await this.#orNoted(socket, request, async () => readHello(socket));
    const { customer, token } = await this.#orNoted(socket, request, () => this.#ports.customers.identify(hello, request));
    this.#ports.sightings.seen(customer.assistant, request);
    socket.data.customer = customer;
    socket.data.token = token;
    socket.data.session?.greeted(customer.id);
    socket.data.readsMore = hello.more === true;
    if (customer.claims.kind === "identified") socket.data.newest = await this.#ports.desk.newest(customer);
  }

  /** What only the page's owner can mend is noted for them. */
  async #orNoted<Value>(socket: LineSocket, request: OpeningRequest, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      const wrong = wrongPage(error, socket);
      if (wrong !== undefined) this.#ports.sightings.refused(wrong, request);
      throw error;
    }
  }

  #welcome(socket: LineSocket): void {
    const { customer } = socket.data;
    const assistant = this.#ports.assistants.find(customer.assistant);
    if (assistant === undefined) return;
    socket.emit("welcome", welcomeFrame(assistant, socket.data, this.#ports.clock.now()));
    forgetHandshake(socket);
    this.#watch.watch(socket);
    if (customer.claims.kind === "identified") socket.on("disconnect", () => this.#watch.forget(socket));
    const pace = new ReadingPace(socket.conn);
    socket.onAny((name: unknown, ...values: unknown[]) => {
      this.#answer(socket, pace, name, values).catch((error: unknown) =>
        this.#ports.log.error({ error, request: name, customerId: customer.id }, "A reply could not be sent."),
      );
    });
  }

  /** Gives the one answer, for which a large one waits its turn. Rejects when it cannot be sent. */
  async #answer(socket: LineSocket, pace: ReadingPace, name: unknown, values: readonly unknown[]): Promise<void> {
    const last = values.at(-1);
    if (typeof last !== "function") return this.#count(socket).catch(() => undefined);
    const acknowledge = last as Acknowledge;
    const frame = values.length === 2 ? values[0] : undefined;
    const replyOf = (work: () => Promise<object>): Promise<Reply<object>> =>
      work().then(
        (reply) => ({ ok: true, ...reply }),
        (error: unknown) => ({ ok: false, error: this.#refusal(error, { socket, name, frame }).toWire() }),
      );
    const counted = await replyOf(async () => {
      await this.#count(socket);
      refuseWhileStopping(this.#ports.isStopping);
      if (!isRequestName(name)) throw new RequestError("bad-request", { detail: "There is no request with this name." });
      return {};
    });
    if (!counted.ok || !isRequestName(name)) return acknowledge(counted);
    const answer = async (): Promise<void> => acknowledge(await replyOf(() => this.#carryOut(socket, name, frame)));
    if (REQUESTS[name].largeReply !== true) return answer();
    const network = networkOf(socket.data.customer.address);
    await pace.inTurn(() => this.#networks.inTurn(network, async () => (socket.connected ? answer() : undefined)));
  }

  /**
   * Every request counts, whatever is in it. A socket that goes on after many refusals is closed: being refused costs
   * it nothing, and reading costs us.
   */
  async #count({ data }: LineSocket): Promise<void> {
    try {
      await data.session?.checkBytes();
      await this.#ports.limits.request(data.customer);
    } catch (error) {
      data.refusals = (data.refusals ?? 0) + 1;
      if (data.refusals > MOST_REFUSALS) data.session?.end();
      throw error;
    }
  }

  /** What the customer is told about an error. One that is nobody's business is in the log. */
  #refusal(error: unknown, { socket, name, frame }: { socket: LineSocket; name: unknown; frame: unknown }): RequestError {
    if (error instanceof RequestError) return error;
    if (error instanceof StoreUnwritableError) return this.#unwritable(error);
    this.#ports.log.error(
      { error, request: name, conversationId: conversationOf(frame), customerId: socket.data.customer.id },
      "A customer's request failed.",
    );
    return new RequestError("internal");
  }

  /** A full disk passes, so the page tries again by itself. Said once a minute: the log may be on the same disk. */
  #unwritable(error: StoreUnwritableError): RequestError {
    if (this.#isNews(error.message)) this.#ports.log.error({ error }, "Customers' requests are turned away. This is logged once a minute.");
    return new RequestError("busy", { detail: "Nothing can be kept at the moment.", retryAfterMs: UNWRITABLE_MS });
  }

  async #carryOut<N extends RequestName>(socket: LineSocket, name: N, frame: unknown): Promise<Replies[N]> {
    const request: LineRequest<N> = REQUESTS[name];
    this.#watch.check(socket, name);
    const parsed = readFrame(name, frame);
    if (name === "identity-renew") return this.#renew(socket, parsed as ParsedRequest<"identity-renew">) as Promise<Replies[N]>;
    if (request.costs === "message") await this.#countMessage(socket);
    return request.carryOut(this.#ports.desk, socket, parsed);
  }

  /** The line goes on as the same customer's; whoever else it is says hello again. */
  async #renew(socket: LineSocket, { identity }: ParsedRequest<"identity-renew">): Promise<Replies["identity-renew"]> {
    socket.data.customer = await this.#ports.customers.renew(socket.data.customer, identity);
    this.#watch.watch(socket);
    return {};
  }

  async #countMessage({ data: { customer } }: LineSocket): Promise<void> {
    const assistant = this.#ports.assistants.find(customer.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    await this.#ports.limits.message(customer, assistant);
  }

  #connectError(error: unknown, socket: LineSocket): Error {
    const refusal = error instanceof RequestError ? error : new RequestError("internal");
    if (refusal !== error) this.#ports.log.error({ error }, "A customer's hello failed.");
    else if (WRONG_SET_UP.includes(refusal.code) || isKeyless(socket)) this.#tellOwner(refusal, socket);
    return Object.assign(new Error(refusal.message), { data: refusal.toWire() });
  }

  /** The owner may never look at the console of a page. */
  #tellOwner({ code, detail }: RequestError, socket: LineSocket): void {
    const origin = socket.handshake.headers.origin?.slice(0, LONGEST_ORIGIN);
    if (!this.#isNews(`${code} ${origin} ${detail}`)) return;
    this.#ports.log.warn(
      { code, origin, assistant: assistantOf(socket), detail },
      "A page was refused its assistant. This is logged once a minute.",
    );
  }
}

/** The key that a hello asks for. Strangers write what they like there. */
function assistantOf({ handshake }: LineSocket): string | undefined {
  return keySchema.safeParse(handshake.auth["assistant"]).data;
}

/** Whether a hello asks for an assistant by what can be no key, as a page with a typing error does. */
function isKeyless(socket: LineSocket): boolean {
  return typeof socket.handshake.auth["assistant"] === "string" && assistantOf(socket) === undefined;
}
