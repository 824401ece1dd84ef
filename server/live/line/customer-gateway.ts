import { type ErrorCode, RequestError } from "../../../protocol/errors.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { Replies, RequestName } from "../../../protocol/frames.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import type { Customers } from "../../identity/customers/customers.ts";
import { onceAMinute } from "../once-a-minute.ts";
import { refuseWhileStopping } from "../stopping.ts";
import { Answering } from "./answering.ts";
import { isRequestName, readFrame } from "./frame-check.ts";
import { forgetHandshake, readHello, requestOf, welcomeFrame, type WrongPage, wrongPage } from "./hello.ts";
import type { LineServer, LineSocket } from "./line-server.ts";
import { type LineRequest, REQUESTS } from "./requests.ts";

export interface CustomerGatewayPorts {
  readonly io: LineServer;
  readonly desk: CustomerDesk;
  readonly customers: Customers;
  readonly assistants: Assistants;
  readonly limits: Pick<Limits, "request" | "message">;
  readonly clock: Pick<Clock, "now">;
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

/** Refusals that only the owner of the page or of the server can mend. */
const WRONG_SET_UP: readonly ErrorCode[] = ["origin-refused", "unknown-assistant"];
/** Of what strangers send, no more comes into the log. */
const LONGEST_ORIGIN = 200;

/**
 * The customer line: hello, welcome, then requests that are parsed here, limited, and handed to the desk. It decides
 * nothing.
 */
export class CustomerGateway {
  readonly #ports: CustomerGatewayPorts;
  readonly #answering: Answering<LineSocket, RequestName>;
  readonly #isNews: (what: string) => boolean;

  constructor(ports: CustomerGatewayPorts) {
    this.#ports = ports;
    this.#isNews = onceAMinute(ports.clock);
    this.#answering = new Answering({
      ...ports,
      kind: "customer",
      isRequest: isRequestName,
      isLarge: (name) => REQUESTS[name].largeReply === true,
      count: ({ data }) => ports.limits.request(data.customer),
      carryOut: (socket, name, frame) => this.#carryOut(socket, name, frame),
      senderOf: ({ data: { customer } }) => ({ address: customer.address, named: { customerId: customer.id } }),
    });
    ports.io.use((socket, next) => {
      try {
        this.#hello(socket);
        next();
      } catch (error) {
        next(this.#connectError(error, socket));
      }
    });
    ports.io.on("connection", (socket) => this.#welcome(socket));
  }

  #hello(socket: LineSocket): void {
    refuseWhileStopping(this.#ports.isStopping);
    const request = requestOf(socket);
    const hello = this.#orNoted(socket, request, () => readHello(socket));
    const { customer, token } = this.#orNoted(socket, request, () => this.#ports.customers.identify(hello, request));
    this.#ports.sightings.seen(customer.assistant, request);
    socket.data.customer = customer;
    socket.data.token = token;
    socket.data.session?.greeted(customer.id);
    socket.data.readsMore = hello.more === true;
  }

  /** What only the page's owner can mend is noted for them. */
  #orNoted<Value>(socket: LineSocket, request: OpeningRequest, work: () => Value): Value {
    try {
      return work();
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
    this.#answering.answer(socket);
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
