/** A whole server with staff, whose journals the test writes, and sockets of socket.io's own client on its staff line. */
import { io as connect, type Socket } from "socket.io-client";
import { onTestFinished } from "vitest";
import type { WireError } from "../../../protocol/errors.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import { LINE_PATH, type Reply, type WelcomeFrame } from "../../../protocol/frames.ts";
import { STAFF_LINE_PATH, STAFF_LINE_VERSION, type StaffWelcome } from "../../../protocol/staff-frames.ts";
import type { Room } from "../../../server/conversation/ports/room.ts";
import type { Store } from "../../../server/conversation/ports/store.ts";
import type { Action, Role } from "../../../server/identity/staff/actions.ts";
import { cookieOf } from "../../identity/staff-harness.ts";
import { type Answer, ask as askHttp } from "../../http/api/api-harness.ts";
import { CONFIGURATION, SHOP_ORIGIN, start, type Started } from "../../http/server-harness.ts";

const ADMIN_KEY = "k".repeat(64);
const PASSWORD = "a long enough password";
export const CONVERSATION = "conversation-one";
export const CUSTOMER = "customer-one";

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly cookie: string;
}

export interface SocketOptions {
  readonly cookie?: string;
  readonly key?: string;
  readonly origin?: string;
  readonly transport?: "websocket" | "polling";
  readonly auth?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type StaffStage = Awaited<ReturnType<typeof openStage>>;

export async function openStage(
  options: { readonly configuration?: object; readonly environment?: Readonly<Record<string, string>> } = {},
) {
  const found: { room?: Room; store?: Store } = {};
  const wrapPort = <T extends object>(name: string, port: T): T => {
    if (name === "room" || name === "store") Object.assign(found, { [name]: port });
    return port;
  };
  const server: Started = await start({
    environment: { FRONTDESK_ADMIN_KEY: ADMIN_KEY, ...options.environment },
    configuration: { ...CONFIGURATION, ...options.configuration },
    wrapPort,
  });
  const { room, store } = found as Required<typeof found>;
  const { url } = server;
  const admin = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    askHttp(`${url}/api/v1${path}`, method, {
      ...(body === undefined ? {} : { body }),
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...headers },
    });
  let at = 1_000;

  return {
    ...server,
    room,
    store,
    admin,
    /** Somebody with these roles, signed in. */
    async member(name: string, roles: readonly Role[]): Promise<Member> {
      const email = `${name.toLowerCase()}@desk.example`;
      const { json } = await admin("POST", "/people", { name, email, roles });
      const { person, invitation } = json as { person: { id: string }; invitation: { url: string } };
      const token = invitation.url.slice(invitation.url.indexOf("#") + 1);
      const accepted = await askHttp(`${url}/api/v1/invitations/accept`, "POST", {
        body: { token, password: PASSWORD },
        headers: { Origin: url },
      });
      if (accepted.status >= 300) throw new Error(`The invitation was answered ${accepted.status}: ${accepted.text}`);
      return { id: person.id, name, cookie: await this.signIn(email) };
    },
    async signIn(email: string): Promise<string> {
      const answer = await askHttp(`${url}/api/auth/sign-in/email`, "POST", {
        body: { email, password: PASSWORD },
        headers: { Origin: url },
      });
      if (answer.status !== 200) throw new Error(`Signing in was answered ${answer.status}: ${answer.text}`);
      return cookieOf(answer);
    },
    async apiKey(name: string, roles: readonly Role[], scopes?: readonly Action[]): Promise<{ readonly key: string; readonly id: string }> {
      const { json } = await admin("POST", "/api-keys", { name, roles, ...(scopes === undefined ? {} : { scopes }) });
      const { key, apiKey } = json as { key: string; apiKey: { id: string } };
      return { key, id: apiKey.id };
    },
    /** A socket of the staff line; closed after the test. */
    socket({ cookie, key, origin, transport = "websocket", auth, headers = {} }: SocketOptions = {}): Socket {
      const socket = connect(url, {
        path: STAFF_LINE_PATH,
        transports: [transport],
        forceNew: true,
        reconnection: false,
        auth: (auth ?? { version: STAFF_LINE_VERSION, ...(key === undefined ? {} : { key }) }) as Record<string, unknown>,
        extraHeaders: {
          ...(cookie === undefined ? {} : { Cookie: cookie }),
          ...(origin === undefined ? {} : { Origin: origin }),
          ...headers,
        },
      });
      onTestFinished(() => void socket.disconnect());
      return socket;
    },
    /** A customer's page; closed after the test. */
    async customer(): Promise<{ readonly socket: Socket; readonly id: string }> {
      const socket = connect(url, {
        path: LINE_PATH,
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        auth: { version: 1, assistant: "shop", sessionId: "session-one" },
        extraHeaders: { Origin: SHOP_ORIGIN },
      });
      onTestFinished(() => void socket.disconnect());
      const { customerId } = await next<WelcomeFrame>(socket, "welcome");
      return { socket, id: customerId };
    },
    /** Writes into a journal, and tells whoever listens. */
    async write(events: readonly EventDraft[], conversationId = CONVERSATION, customerId = CUSTOMER): Promise<void> {
      at += 1;
      const created = await store.append({ conversationId, events, at, create: { assistant: "shop", customerId } });
      room.events(conversationId, created.events);
    },
  };
}

/** Something that nobody has to answer. Its number makes it distinct. */
export function note(index: number): EventDraft {
  const noteId = `note-${String(index).padStart(5, "0")}`;
  return { type: "note-written", noteId, text: `${index}`, by: { kind: "staff", id: "someone", name: "Someone" } };
}

export function joined({ id, name }: Pick<Member, "id" | "name">): EventDraft {
  return { type: "person-joined", by: { kind: "staff", id, name } };
}

export function welcomed(socket: Socket): Promise<StaffWelcome> {
  return new Promise((resolve, reject) => {
    socket.once("welcome", resolve);
    socket.once("connect_error", (error) => reject(new Error(`The line refused: ${error.message}`, { cause: error })));
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

/** All frames of a name, from now on. */
export function hear<T>(socket: Socket, name: string): T[] {
  const heard: T[] = [];
  socket.on(name, (frame: T) => heard.push(frame));
  return heard;
}
