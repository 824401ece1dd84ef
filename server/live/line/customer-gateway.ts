import { RequestError } from "../../../protocol/errors.ts";
import type { Replies, Reply, RequestName } from "../../../protocol/frames.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import type { Customers } from "../../identity/customers/customers.ts";
import { refuseWhileStopping } from "../stopping.ts";
import { conversationOf, isRequestName, readFrame, sizeOf } from "./frame-check.ts";
import { forgetHandshake, readHello, requestOf, welcomeFrame } from "./hello.ts";
import type { LineServer, LineSocket } from "./line-server.ts";
import { ReadingPace } from "./reading-pace.ts";
import { type LineRequest, REQUESTS } from "./requests.ts";

export interface CustomerGatewayPorts {
  readonly io: LineServer;
  readonly desk: CustomerDesk;
  readonly customers: Customers;
  readonly assistants: Assistants;
  readonly limits: Pick<Limits, "request" | "message">;
  readonly clock: Pick<Clock, "now">;
  readonly isStopping: () => boolean;
  readonly log: Log;
}

type Acknowledge = (reply: unknown) => void;

/** Refused requests of one socket. A page that waits as long as the server says comes nowhere near. */
const MOST_REFUSALS = 200;

/**
 * The customer line: hello, welcome, then requests that are parsed here, limited, and handed to the desk. It decides
 * nothing. Every request is acknowledged exactly once. One that asks for no acknowledgement is not carried out, since
 * nobody would learn how it went.
 */
export class CustomerGateway {
  readonly #ports: CustomerGatewayPorts;

  constructor(ports: CustomerGatewayPorts) {
    this.#ports = ports;
    ports.io.use((socket, next) => {
      try {
        this.#hello(socket);
        next();
      } catch (error) {
        next(this.#connectError(error));
      }
    });
    ports.io.on("connection", (socket) => this.#welcome(socket));
  }

  #hello(socket: LineSocket): void {
    refuseWhileStopping(this.#ports.isStopping);
    const hello = readHello(socket);
    const { customer, token } = this.#ports.customers.identify(hello, requestOf(socket));
    socket.data.customer = customer;
    socket.data.token = token;
    socket.data.readsMore = hello.more === true;
  }

  #welcome(socket: LineSocket): void {
    const { customer } = socket.data;
    const assistant = this.#ports.assistants.find(customer.assistant);
    if (assistant === undefined) return;
    socket.emit("welcome", welcomeFrame(assistant, socket.data, this.#ports.clock.now()));
    forgetHandshake(socket);
    const pace = new ReadingPace(socket.conn);
    socket.onAny((name: unknown, ...values: unknown[]) => {
      const acknowledge = values.at(-1);
      const answer = async (): Promise<void> => {
        if (typeof acknowledge === "function") (acknowledge as Acknowledge)(await this.#answer(socket, name, values));
        else await this.#count(socket, values).catch(() => undefined);
      };
      const isLarge = isRequestName(name) && REQUESTS[name].largeReply === true;
      (isLarge ? pace.inTurn(answer) : answer()).catch((error: unknown) =>
        this.#ports.log.error({ error, request: name, customerId: customer.id }, "A reply could not be sent."),
      );
    });
  }

  /**
   * Every frame counts, whatever is in it. A socket that goes on after many refusals is closed: being refused costs it
   * nothing, and reading costs us.
   */
  async #count(socket: LineSocket, values: readonly unknown[]): Promise<void> {
    try {
      await this.#ports.limits.request(socket.data.customer, sizeOf(values));
    } catch (error) {
      socket.data.refusals = (socket.data.refusals ?? 0) + 1;
      if (socket.data.refusals > MOST_REFUSALS) socket.conn.close(true);
      throw error;
    }
  }

  async #answer(socket: LineSocket, name: unknown, values: readonly unknown[]): Promise<Reply<object>> {
    const frame = values.length === 2 ? values[0] : undefined;
    try {
      await this.#count(socket, values);
      refuseWhileStopping(this.#ports.isStopping);
      if (!isRequestName(name)) throw new RequestError("bad-request", { detail: "There is no request with this name." });
      return { ok: true, ...(await this.#carryOut(socket, name, frame)) };
    } catch (error) {
      if (error instanceof RequestError) return { ok: false, error: error.toWire() };
      this.#ports.log.error(
        { error, request: name, conversationId: conversationOf(frame), customerId: socket.data.customer.id },
        "A customer's request failed.",
      );
      return { ok: false, error: new RequestError("internal").toWire() };
    }
  }

  async #carryOut<N extends RequestName>(socket: LineSocket, name: N, frame: unknown): Promise<Replies[N]> {
    const request: LineRequest<N> = REQUESTS[name];
    const parsed = readFrame(name, frame);
    if (request.costs === "message") await this.#countMessage(socket);
    return request.carryOut(this.#ports.desk, socket, parsed);
  }

  async #countMessage({ data: { customer } }: LineSocket): Promise<void> {
    const assistant = this.#ports.assistants.find(customer.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    await this.#ports.limits.message(customer, assistant);
  }

  #connectError(error: unknown): Error {
    const refusal = error instanceof RequestError ? error : new RequestError("internal");
    if (refusal !== error) this.#ports.log.error({ error }, "A customer's hello failed.");
    return Object.assign(new Error(refusal.message), { data: refusal.toWire() });
  }
}
