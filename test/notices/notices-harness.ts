/** The queue over a real database, with a clock that the test moves and receivers on a real socket. */
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { createGuardedFetch, openGuardedSockets } from "../../server/guard/network/guarded-fetch.ts";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import type { Staff } from "../../server/identity/staff/actions.ts";
import { DeliveryQueue, type Send } from "../../server/notices/delivery-queue.ts";
import type { Addressing } from "../../server/notices/give-out.ts";
import type { Channel } from "../../server/notices/ports.ts";
import { createSendWebhook } from "../../server/notices/webhooks/send-webhook.ts";
import { webhookAddressing } from "../../server/notices/webhooks/webhook-addressing.ts";
import { Webhooks } from "../../server/notices/webhooks/webhooks.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { CONVERSATION, CREATE, CUSTOMER } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { ManualClock } from "../support/manual-clock.ts";

const { createServer } = process.getBuiltinModule("node:http");

export const ADA: Staff = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] };
export const ASKED = { type: "person-asked", by: CUSTOMER, open: true } as const satisfies EventDraft;

export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that keeps what it is sent and answers as `answer` says. */
export async function startReceiver(answer: (response: ServerResponse, received: Received) => void = (response) => response.end("ok")) {
  const received: Received[] = [];
  const state = { answer };
  const server = createServer({}, (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = { headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() };
      received.push(one);
      state.answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook?token=in-the-address`,
    received,
    answer: (next: typeof answer) => void (state.answer = next),
  };
}

export interface DeskOptions {
  /** 2023 unless given: receivers of others compare with the real time. */
  readonly start?: number;
  readonly allowPrivate?: readonly string[];
  readonly channels?: (desk: Omit<NoticesDesk, "webhooks" | "start" | "restart">) => readonly Addressing[];
  readonly senders?: Partial<Record<Channel, Send>>;
  /** The keys of its assistants; `shop` and `club`, unless given. It may change. */
  readonly assistants?: ReadonlySet<string>;
}

type Opened = Awaited<ReturnType<typeof openSqliteStore>>;
export interface NoticesDesk {
  readonly store: () => Opened;
  readonly clock: ManualClock;
  readonly box: ReturnType<typeof createSecretBox>;
  readonly logged: string[];
  readonly webhooks: () => Webhooks;
  start(): void;
  /** Stops the queue in the middle of what it does, and begins again with what the database has. */
  restart(): Promise<void>;
}

const noSend: Send = async () => {
  throw new Error("Nothing is sent this way here.");
};

export async function openNoticesDesk(options: DeskOptions = {}): Promise<NoticesDesk> {
  const { allowPrivate = ["127.0.0.1"], assistants = new Set(["shop", "club"]) } = options;
  const folder = await temporaryFolder();
  const path = join(folder.path, "frontdesk.db");
  let store = await openSqliteStore({ path });
  const clock = new ManualClock(options.start);
  const box = createSecretBox({ keys: [Buffer.alloc(32, 1)] });
  const logged: string[] = [];
  const write = (fields: object, text: string): void => void logged.push(JSON.stringify({ ...fields, text }));
  const log = { info: write, warn: write, error: write };
  const fetch = createGuardedFetch({ allowPrivate });
  const sockets = await openGuardedSockets({ allowPrivate });
  const seen = { store: () => store, clock, box, logged };
  const open = () => {
    const { documents, notices } = store;
    return {
      webhooks: new Webhooks({
        documents,
        notices,
        box,
        clock,
        checkUrl: async (url) => sockets.check(url),
        isAssistant: (key) => assistants.has(key),
      }),
      queue: new DeliveryQueue({
        notices,
        giveOut: {
          store,
          channels: options.channels?.(seen) ?? [
            webhookAddressing({ documents, clock, conversationsUrl: () => "https://desk.example/console/conversations" }),
          ],
        },
        senders: {
          webhook: createSendWebhook({ documents, box, clock, fetch, version: "1.2.3" }),
          mail: noSend,
          push: noSend,
          ...options.senders,
        },
        clock,
        log,
      }),
    };
  };
  let parts = open();
  onTestFinished(async () => {
    await parts.queue.close();
    await store.close();
    await folder.remove();
  });
  return {
    ...seen,
    webhooks: () => parts.webhooks,
    start: () => parts.queue.start(),
    async restart() {
      await parts.queue.close();
      await store.close();
      store = await openSqliteStore({ path });
      parts = open();
      parts.queue.start();
    },
  };
}

/** Writes into the one conversation of a test. */
export async function append(desk: NoticesDesk, ...events: readonly EventDraft[]): Promise<void> {
  await desk.store().append({ conversationId: CONVERSATION, create: CREATE, at: desk.clock.now(), events });
}
