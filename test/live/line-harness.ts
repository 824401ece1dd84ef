/** The customer line over real sockets, with a desk that the test scripts. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as connect, type Socket } from "socket.io-client";
import { onTestFinished } from "vitest";
import { RequestError, type WireError } from "../../protocol/errors.ts";
import { LINE_PATH, type OpenedConversation, type Reply, type WelcomeFrame } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import type { Log } from "../../server/foundation/log.ts";
import type { Room } from "../../server/conversation/ports/room.ts";
import { DEFAULT_LINE_LIMITS, type LineLimits, Limits } from "../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { createCustomerTokens } from "../../server/identity/customers/customer-token.ts";
import { createCustomers, type IdentityPorts } from "../../server/identity/customers/customers.ts";
import { CustomerGateway, type CustomerGatewayPorts } from "../../server/live/line/customer-gateway.ts";
import { openLineServer } from "../../server/live/line/line-server.ts";
import { customerListener } from "../../server/live/line/customer-listener.ts";
import { ConnectedPages } from "../../server/tools/page/connected-pages.ts";
import type { DoorPorts } from "../../server/live/door.ts";
import { createRoom } from "../../server/live/room.ts";
import { Upgrades } from "../../server/live/upgrades.ts";
import { assistant } from "../support/desk-assistant.ts";

export const SHOP_ORIGIN = "https://shop.example";
export const OTHER_ORIGIN = "https://other.example";
export const CONVERSATION = "conversation-one";

type GatewayDesk = CustomerGatewayPorts["desk"];
/** `asked` is the request; before it, for `decide`, its name. */
export type DeskCall = readonly [method: string, customerId: string, ...asked: unknown[]];

export interface LineHarness {
  readonly url: string;
  readonly room: Room;
  readonly calls: DeskCall[];
  readonly logged: string[];
  /** What the desk does from now on. */
  script(methods: Partial<GatewayDesk>): void;
  stop(): void;
  sockets(): number;
  /** Open connections of any kind, as the system counts them. */
  connections(): Promise<number>;
  /** A customer's browser; closed after the test. */
  client(options?: ClientOptions): Socket;
}

export interface ClientOptions {
  readonly origin?: string | null;
  readonly hello?: unknown;
  readonly transport?: "websocket" | "polling";
  readonly headers?: Readonly<Record<string, string>>;
}

export const HELLO = { version: PROTOCOL_VERSION, assistant: "shop", sessionId: "session-one" };
export const EMPTY: OpenedConversation = { events: [], more: false, lastSeq: 0, reset: false, progress: [] };

export async function openLine(
  options: {
    limits?: Partial<LineLimits>;
    assistants?: readonly Assistant[];
    trustedProxies?: number;
    helloMs?: number;
    probeMs?: number;
    sightings?: CustomerGatewayPorts["sightings"];
    pageRefused?: DoorPorts["pageRefused"];
    identity?: IdentityPorts;
    pages?: CustomerGatewayPorts["pages"];
    clock?: CustomerGatewayPorts["clock"];
  } = {},
): Promise<LineHarness> {
  const calls: DeskCall[] = [];
  const logged: string[] = [];
  const write = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: write, warn: write, error: write };
  const assistants = options.assistants ?? [
    assistant({ allowedOrigins: [SHOP_ORIGIN], greeting: "Hello", starters: ["Hi"] }),
    assistant({ key: "other", name: "Other", allowedOrigins: [OTHER_ORIGIN] }),
  ];
  let stopping = false;
  const trustedProxies = options.trustedProxies ?? 0;
  const { desk, script } = scriptedDesk(calls);

  const httpServer = createServer();
  const limits = new Limits({ limiters: createMemoryLimiters(), limits: { ...DEFAULT_LINE_LIMITS, ...options.limits } });
  const isStopping = (): boolean => stopping;
  const origins = (): string[] => assistants.flatMap((one) => one.allowedOrigins);
  const upgrades = new Upgrades({
    limits,
    trustedProxies,
    isStopping,
    pageRefused: options.pageRefused ?? (() => {}),
    clock: { now: () => Date.now() },
    log,
  });
  upgrades.attach(httpServer);
  const io = openLineServer({ ...options, upgrades, origins, limits, trustedProxies });
  const tokens = createCustomerTokens({ key: randomBytes(32), now: () => Date.now(), id: () => randomBytes(12).toString("base64url") });
  const find = (key: string): Assistant | undefined => assistants.find((one) => one.key === key);
  const customers = createCustomers({
    assistants: { find },
    tokens,
    ownOrigins: () => [],
    trustedProxies,
    ...(options.identity === undefined ? {} : { identity: options.identity }),
  });
  new CustomerGateway({
    io,
    desk,
    pages: options.pages ?? new ConnectedPages({ after: () => () => {} }),
    calls: { start: async () => ({ token: "token", expiresInMs: 30_000 }), known: () => {} },
    views: { serve: () => Promise.reject(new RequestError("no-view")) },
    customers,
    assistants: { find },
    limits,
    clock: options.clock ?? { now: () => 42, after: () => () => {} },
    isStopping,
    sightings: options.sightings ?? { seen: () => {}, refused: () => {} },
    log,
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    await io.close();
    httpServer.close();
    httpServer.closeAllConnections();
  });

  return {
    url,
    room: createRoom([customerListener(io)], log),
    calls,
    logged,
    script,
    stop: () => void (stopping = true),
    sockets: () => io.of("/").sockets.size,
    connections: () =>
      new Promise((resolve, reject) => httpServer.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))),
    client({ origin = SHOP_ORIGIN, hello = HELLO, transport = "websocket", headers = {} } = {}) {
      const socket = connect(url, {
        path: LINE_PATH,
        transports: [transport],
        forceNew: true,
        reconnection: false,
        auth: hello as Record<string, unknown>,
        extraHeaders: { ...(origin === null ? {} : { Origin: origin }), ...headers },
      });
      onTestFinished(() => void socket.disconnect());
      return socket;
    },
  };
}

/** A desk that writes down what it was asked, and answers as the test says. */
function scriptedDesk(calls: DeskCall[]): { readonly desk: GatewayDesk; readonly script: LineHarness["script"] } {
  let scripted: Partial<GatewayDesk> = {};
  const answer = (method: keyof GatewayDesk, usual: unknown) => {
    return async (customer: { id: string }, ...asked: unknown[]): Promise<never> => {
      calls.push([method, customer.id, ...asked]);
      const own = scripted[method] as ((customer: unknown, ...asked: unknown[]) => unknown) | undefined;
      return (own === undefined ? usual : await own(customer, ...asked)) as never;
    };
  };
  const desk: GatewayDesk = {
    canListen: answer("canListen", true),
    open: answer("open", EMPTY),
    list: answer("list", []),
    newest: answer("newest", undefined),
    page: answer("page", { events: [], more: false }),
    send: answer("send", { seq: 1 }),
    decide: answer("decide", { seq: 2 }),
    stop: answer("stop", undefined),
    retry: answer("retry", { seq: 3 }),
    startConnection: answer("startConnection", { url: "https://sign-in.example/", proof: "proof" }),
    lookAtConnection: answer("lookAtConnection", { declined: true }),
    listConnections: (customer) => answer("listConnections", [])(customer, {}),
    removeConnection: answer("removeConnection", undefined),
    askForPerson: answer("askForPerson", { seq: 4 }),
    leaveContact: answer("leaveContact", { seq: 5 }),
    giveFeedback: answer("giveFeedback", { seq: 4 }),
    readCall: answer("readCall", { callId: "call-0001", content: [] }),
    typing: answer("typing", undefined),
  };
  return { desk, script: (methods) => void (scripted = methods) };
}

export function welcomed(socket: Socket): Promise<WelcomeFrame> {
  return new Promise((resolve, reject) => {
    socket.once("welcome", resolve);
    socket.once("connect_error", (error) => reject(new Error(`The line refused: ${error.message}`)));
  });
}

/** The `WireError` of a refused hello. */
export function refused(socket: Socket): Promise<WireError> {
  return new Promise((resolve, reject) => {
    socket.once("welcome", () => reject(new Error("The line welcomed somebody whom it should have refused.")));
    socket.once("connect_error", (error) => resolve((error as Error & { data: WireError }).data));
  });
}

export async function ask(socket: Socket, name: string, ...values: unknown[]): Promise<Reply<Record<string, unknown>>> {
  return (await socket.timeout(10_000).emitWithAck(name, ...values)) as Reply<Record<string, unknown>>;
}

export function next<T>(socket: Socket, name: string): Promise<T> {
  return new Promise((resolve) => socket.once(name, resolve));
}
