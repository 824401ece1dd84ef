import { type ErrorCode, RequestError } from "../../../protocol/errors.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import type { ParsedRequest, Replies, RequestName } from "../../../protocol/frames.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { mustBeKnown } from "../../identity/customers/must-be-known.ts";
import type { Customers, IdentifiedCustomer } from "../../identity/customers/customers.ts";
import { isViewRequest, type ViewGate, type ViewRequestName } from "../../views/view-gate.ts";
import { onceAMinute } from "../once-a-minute.ts";
import { refuseWhileStopping } from "../stopping.ts";
import { Answering } from "./answering.ts";
import { isRequestName, readFrame } from "./frame-check.ts";
import { forgetHandshake, readHello, requestOf, welcomeFrame, type WrongPage, wrongPage } from "./hello.ts";
import { IdentityWatch } from "./identity-watch.ts";
import type { LineServer, LineSocket } from "./line-server.ts";
import { isPageRequest, PageLines, type ServesPages } from "./page-lines.ts";
import { type LineRequest, REQUESTS } from "./requests.ts";

export interface CustomerGatewayPorts {
  readonly io: LineServer;
  readonly desk: CustomerDesk;
  readonly calls: BeginsCalls;
  readonly pages: ServesPages;
  readonly views: ServesViews;
  readonly customers: Customers;
  readonly assistants: Assistants;
  readonly limits: Pick<Limits, "request" | "message">;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly isStopping: () => boolean;
  readonly sightings: LineSightings;
  readonly log: Log;
}

/** Who makes the tokens of voice calls. */
export interface BeginsCalls {
  start(customer: IdentifiedCustomer, request: ParsedRequest<"call-start">): Promise<Replies["call-start"]>;
  /** The site said anew who this customer is. */
  known(customer: IdentifiedCustomer): void;
}

/** Whatever serves the views of tools. */
export type ServesViews = Pick<ViewGate, "serve">;

type OpeningRequest = ReturnType<typeof requestOf>;

/** Hears which pages came to which assistant, and which ones were turned away. */
export interface LineSightings {
  seen(assistant: string, request: OpeningRequest): void;
  refused(wrong: WrongPage, request: OpeningRequest): void;
}

/** Refusals that only the owner of the page or of the server can mend. */
const WRONG_SET_UP: readonly ErrorCode[] = ["origin-refused", "unknown-assistant", "identity-required", "identity-refused"];
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
  readonly #watch: IdentityWatch;
  readonly #pages: PageLines;

  constructor(ports: CustomerGatewayPorts) {
    this.#ports = ports;
    this.#isNews = onceAMinute(ports.clock);
    this.#watch = new IdentityWatch(ports.clock);
    this.#pages = new PageLines(ports.pages);
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
    socket.data.origin = request.headers.origin ?? "";
    this.#ports.calls.known(customer);
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
    this.#answering.answer(socket);
  }

  async #carryOut<N extends RequestName>(socket: LineSocket, name: N, frame: unknown): Promise<Replies[N]> {
    const request: LineRequest<N> = REQUESTS[name];
    this.#watch.check(socket, name);
    this.#mustBeKnown(socket, name);
    const parsed = readFrame(name, frame);
    if (name === "identity-renew") return this.#renew(socket, parsed as ParsedRequest<"identity-renew">) as Promise<Replies[N]>;
    if (request.costs === "message") await this.#countMessage(socket);
    this.#pages.asked(socket, name, parsed);
    if (isPageRequest(name)) return this.#pages.carryOut(socket, name, parsed as never) as Replies[N];
    if (isViewRequest(name)) return this.#view(socket, name, parsed as never) as Promise<Replies[N]>;
    if (name === "call-start")
      return this.#ports.calls.start(socket.data.customer, parsed as ParsedRequest<"call-start">) as Promise<Replies[N]>;
    return request.carryOut(this.#ports.desk, socket, parsed);
  }

  #view<N extends ViewRequestName>(
    { data: { customer, origin, session } }: LineSocket,
    name: N,
    parsed: ParsedRequest<N>,
  ): Promise<Replies[N]> {
    // A result may be megabytes, and a network has many sockets.
    session?.checkUnread();
    return this.#ports.views.serve({ customer, origin }, name, parsed);
  }

  #mustBeKnown({ data: { customer } }: LineSocket, name: RequestName): void {
    if (name !== "conversation-leave") mustBeKnown(customer, this.#ports.assistants.find(customer.assistant));
  }

  /** The line goes on as the same customer's; whoever else it is says hello again. */
  async #renew(socket: LineSocket, { identity }: ParsedRequest<"identity-renew">): Promise<Replies["identity-renew"]> {
    socket.data.customer = await this.#ports.customers.renew(socket.data.customer, identity);
    this.#ports.calls.known(socket.data.customer);
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
