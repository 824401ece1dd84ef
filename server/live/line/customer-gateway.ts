import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import {
  type HelloFrame,
  helloSchema,
  type ParsedRequest,
  type Replies,
  type Reply,
  type RequestName,
  requestSchemas,
  type WelcomeFrame,
} from "../../../protocol/frames.ts";
import { PROTOCOL_VERSION, SUPPORTED_VERSIONS } from "../../../protocol/version.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { addressOf } from "../../guard/network/address.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { originAllowed } from "../../guard/network/origins.ts";
import type { CustomerToken, CustomerTokens } from "../../identity/customers/customer-token.ts";
import { LARGEST_FRAME_BYTES, type LineServer } from "./line-server.ts";
import { ReadingPace } from "./reading-pace.ts";
import { roomName } from "./room.ts";

export interface CustomerGatewayOptions {
  readonly io: LineServer;
  readonly desk: CustomerDesk;
  readonly assistants: Assistants;
  readonly tokens: CustomerTokens;
  readonly limits: Limits;
  /** Origins that every assistant allows: our own. */
  readonly ownOrigins: readonly string[];
  readonly trustedProxies: number;
  readonly clock: Pick<Clock, "now">;
  readonly isStopping: () => boolean;
  readonly log: Log;
}

type LineSocket = Parameters<Parameters<LineServer["use"]>[0]>[0];
type Acknowledge = (reply: unknown) => void;

/**
 * The customer line: hello, welcome, then requests that are parsed here, limited, and handed to the desk. It decides nothing. Every request is
 * acknowledged exactly once; one that asks for no acknowledgement is not carried out, since nobody could be told how it went.
 */
export class CustomerGateway {
  readonly #options: CustomerGatewayOptions;

  constructor(options: CustomerGatewayOptions) {
    this.#options = options;
    options.io.use((socket, next) => {
      try {
        this.#hello(socket);
        next();
      } catch (error) {
        next(this.#connectError(error));
      }
    });
    options.io.on("connection", (socket) => this.#connected(socket));
  }

  #hello(socket: LineSocket): void {
    const { assistants, tokens, ownOrigins, trustedProxies, isStopping } = this.#options;
    if (isStopping()) throw new RequestError("stopping", { retryAfterMs: 2000 });
    const hello = parseHello(socket.handshake.auth);
    if (!SUPPORTED_VERSIONS.includes(hello.version)) {
      throw new RequestError("unsupported-version", {
        detail: `The page speaks ${hello.version}, the server ${SUPPORTED_VERSIONS.join(", ")}.`,
      });
    }
    const assistant = assistants.find(hello.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant", { detail: `It was called "${hello.assistant}".` });
    const request = requestOf(socket);
    const isSameOrigin = request.headers.origin === undefined && request.headers["sec-fetch-site"] === "same-origin";
    if (!isSameOrigin && !originAllowed(request.headers.origin, [...assistant.allowedOrigins, ...ownOrigins]))
      throw new RequestError("origin-refused");

    const identity = (hello.token === undefined ? undefined : tokens.verify(hello.token, assistant.key)) ?? tokens.issue(assistant.key);
    socket.data.customer = {
      id: identity.customerId,
      assistant: assistant.key,
      sessionId: hello.sessionId,
      address: addressOf(request, trustedProxies),
    };
    socket.data.token = identity.token;
  }

  #connected(socket: LineSocket): void {
    const { customer, token = "" } = socket.data;
    const assistant = this.#options.assistants.find(customer.assistant);
    if (assistant === undefined) return;
    socket.emit("welcome", welcome(assistant, { customerId: customer.id, token }, this.#options.clock.now()));
    forgetHandshake(socket);
    const pace = new ReadingPace(socket.conn);
    socket.onAny((name: unknown, ...values: unknown[]) => {
      const acknowledge = values.at(-1);
      const answer = async (): Promise<void> => {
        if (typeof acknowledge === "function") (acknowledge as Acknowledge)(await this.#answer(socket, name, values));
        else await this.#count(socket, values).catch(() => undefined);
      };
      (LARGE_REPLIES.has(name) ? pace.inTurn(answer) : answer()).catch((error: unknown) =>
        this.#options.log.error({ error, request: name, customerId: customer.id }, "A reply could not be sent."),
      );
    });
  }

  /** Every frame counts, whatever is in it. Who goes on after many refusals is cut off: being refused costs them nothing, and us the reading. */
  async #count(socket: LineSocket, values: readonly unknown[]): Promise<void> {
    try {
      await this.#options.limits.request(socket.data.customer, sizeOf(values));
    } catch (error) {
      socket.data.refusals = (socket.data.refusals ?? 0) + 1;
      if (socket.data.refusals > MOST_REFUSALS) socket.conn.close(true);
      throw error;
    }
  }

  async #answer(socket: LineSocket, name: unknown, values: readonly unknown[]): Promise<Reply<object>> {
    const { customer } = socket.data;
    const frame = values.length === 2 ? values[0] : undefined;
    try {
      await this.#count(socket, values);
      if (this.#options.isStopping()) throw new RequestError("stopping", { retryAfterMs: 2000 });
      if (!isRequestName(name)) throw new RequestError("bad-request", { detail: "There is no request of this name." });
      const parsed = requestSchemas[name].safeParse(frame);
      if (!parsed.success) throw new RequestError("bad-request", { detail: describeFaults(parsed.error) });
      return { ok: true, ...(await this.#carryOut(socket, name, parsed.data)) };
    } catch (error) {
      if (error instanceof RequestError) return { ok: false, error: error.toWire() };
      this.#options.log.error(
        { error, request: name, conversationId: conversationOf(frame), customerId: customer.id },
        "A customer's request failed.",
      );
      return { ok: false, error: new RequestError("internal").toWire() };
    }
  }

  async #carryOut(socket: LineSocket, name: RequestName, parsed: unknown): Promise<Replies[RequestName]> {
    const { desk } = this.#options;
    const { customer } = socket.data;
    const as = <N extends RequestName>(_name: N): ParsedRequest<N> => parsed as ParsedRequest<N>;
    switch (name) {
      case "conversation-open":
        return this.#open(socket, as(name));
      case "conversation-page":
        return desk.page(customer, as(name));
      case "conversation-leave":
        await socket.leave(roomName(as(name).conversationId));
        return {};
      case "message-send":
        await this.#countMessage(customer);
        return desk.send(customer, as(name));
      case "approval-decide":
        return desk.decideApproval(customer, as(name));
      case "turn-stop":
        await desk.stop(customer, as(name));
        return {};
      case "turn-retry":
        await this.#countMessage(customer);
        return desk.retry(customer, as(name));
      case "connection-start":
        // It makes us ask other servers, as a message does.
        await this.#countMessage(customer);
        return desk.startConnection(customer, as(name));
      case "connection-decide":
        return desk.decideConnection(customer, as(name));
      case "connections-list":
        return { connections: await desk.listConnections(customer) };
      case "connection-remove":
        await this.#countMessage(customer);
        await desk.removeConnection(customer, as(name).connectionId);
        return {};
      case "input-decide":
        return desk.decideInput(customer, as(name));
      case "call-read":
        return desk.readCall(customer, as(name));
    }
  }

  /** What makes the server work counts as a message. */
  async #countMessage(customer: LineSocket["data"]["customer"]): Promise<void> {
    const assistant = this.#options.assistants.find(customer.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    await this.#options.limits.message(customer, assistant);
  }

  /** Joins first and reads then, so that nothing falls between; whoever may not listen never joins. */
  async #open(socket: LineSocket, request: ParsedRequest<"conversation-open">): Promise<Replies["conversation-open"]> {
    const { desk } = this.#options;
    if (!(await desk.canListen(socket.data.customer, request.conversationId))) throw new RequestError("unknown-conversation");
    const room = roomName(request.conversationId);
    const listened = socket.rooms.has(room);
    if (!listened && socket.rooms.size > MOST_ROOMS)
      throw new RequestError("rate-limited", { detail: "This page listens to too many conversations." });
    await socket.join(room);
    try {
      return await desk.open(socket.data.customer, request);
    } catch (error) {
      if (!listened) await socket.leave(room);
      throw error;
    }
  }

  #connectError(error: unknown): Error {
    const refusal = error instanceof RequestError ? error : new RequestError("internal");
    if (refusal !== error) this.#options.log.error({ error }, "A customer's hello failed.");
    return Object.assign(new Error(refusal.message), { data: refusal.toWire() });
  }
}

/** Conversations that one page may listen to at once. */
const MOST_ROOMS = 20;
/** Refused requests of one connection. A page waits as long as it was told and comes nowhere near. */
const MOST_REFUSALS = 200;
/** Requests whose answer may be megabytes. */
const LARGE_REPLIES = new Set<unknown>(["conversation-open", "conversation-page", "call-read"] satisfies RequestName[]);

function parseHello(auth: unknown): HelloFrame {
  const parsed = helloSchema.safeParse(auth);
  if (parsed.success) return parsed.data;
  throw new RequestError("bad-request", { detail: describeFaults(parsed.error) });
}

function welcome(assistant: Assistant, identity: CustomerToken, now: number): WelcomeFrame {
  const { key, name, greeting, starters, trace } = assistant;
  return {
    version: PROTOCOL_VERSION,
    token: identity.token,
    customerId: identity.customerId,
    assistant: { key, name, ...(greeting === undefined ? {} : { greeting }), starters, trace },
    limits: { messageCharacters: assistant.limits.messageCharacters },
    now,
  };
}

/** What is needed no more holds kilobytes per connection: the upgrade request with its headers, and copies of them. */
function forgetHandshake(socket: LineSocket): void {
  socket.data.token = undefined;
  Object.assign(socket.conn, { request: null });
  Object.assign(socket, { handshake: undefined });
}

/** A connection says hello once: after that its upgrade request is forgotten. */
function requestOf(socket: LineSocket): LineSocket["conn"]["request"] {
  const request = socket.conn.request as LineSocket["conn"]["request"] | null;
  if (request === null) throw new RequestError("bad-request", { detail: "This connection has said hello already. Open another one." });
  return request;
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === "string" && Object.hasOwn(requestSchemas, name);
}

/** Bytes of a frame. One that is nested too deep to be written is counted as the largest there can be. */
function sizeOf(values: readonly unknown[]): number {
  try {
    return Buffer.byteLength(JSON.stringify(values));
  } catch {
    return LARGEST_FRAME_BYTES;
  }
}

function describeFaults(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length === 0 ? "" : `${issue.path.join(".")}: `}${issue.message}`)
    .join("; ");
}

function conversationOf(frame: unknown): string | undefined {
  const parsed = z.object({ conversationId: z.string().max(64) }).safeParse(frame);
  return parsed.success ? parsed.data.conversationId : undefined;
}
