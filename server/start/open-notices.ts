import { lazily } from "../foundation/lazily.ts";
import type { Addressing } from "../notices/give-out.ts";
import { DeliveryQueue, type Send } from "../notices/delivery-queue.ts";
import { mailAddressing } from "../notices/mail/mail-addressing.ts";
import type { RaisedNotice } from "../notices/notice.ts";
import { pushAddressing } from "../notices/push/push-addressing.ts";
import { pushKeys } from "../notices/push/push-keys.ts";
import { PushSubscriptions } from "../notices/push/push-subscriptions.ts";
import { createSendWebhook } from "../notices/webhooks/send-webhook.ts";
import { webhookAddressing } from "../notices/webhooks/webhook-addressing.ts";
import { Webhooks } from "../notices/webhooks/webhooks.ts";
import type { Base } from "./open-base.ts";
import type { Line } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

/** Whoever does not look at the console is told from here. It tells nobody before its `start`. */
export interface Notices extends Part {
  readonly webhooks: Webhooks;
  readonly subscriptions: PushSubscriptions;
  /** Tells of what is in no journal. It is kept when this resolves. */
  readonly raise: (notice: RaisedNotice) => Promise<void>;
  readonly startNotices: () => void;
}

type Needs = Base & Storage & Setup & Pick<Line, "staffLine">;

/** The address of the console's conversations, below the console's own. */
const CONVERSATIONS = "/inbox";

export function openNotices(needs: Needs): Notices {
  const { documents, clock, log, box, fetch, version, store } = needs;
  const { notices } = needs.journal;
  const isAssistant = (key: string): boolean => needs.setup.live.find(key) !== undefined;
  const keys = lazily(() => pushKeys({ documents, box, clock, generate: async () => (await pushSender()).generatePushKeys() }));
  const queue = new DeliveryQueue({
    notices,
    giveOut: { store, channels: channelsOf(needs) },
    senders: {
      webhook: createSendWebhook({ documents, box, clock, fetch, version }),
      mail: lateSender(async () => mailSender(needs)),
      push: lateSender(async () => {
        const { createSendPush } = await pushSender();
        return createSendPush({ documents, box, clock, keys, contact: () => contactOf(needs), fetch: await publicFetch() });
      }),
    },
    clock,
    log,
  });
  const sockets = lazily(async () => (await import("../guard/network/guarded-fetch.ts")).openGuardedSockets(needs.configuration.network));
  return {
    webhooks: new Webhooks({ documents, notices, box, clock, checkUrl: async (url) => (await sockets()).check(url), isAssistant }),
    subscriptions: new PushSubscriptions({ documents, box, clock, keys }),
    raise: (notice) => notices.raise(notice, clock.now()),
    startNotices: () => queue.start(),
    close: () => queue.close(),
  };
}

function channelsOf({ configuration, documents, clock, address, setup, staffLine }: Needs): readonly Addressing[] {
  const conversationsUrl = (): string => `${address.url()}/console${CONVERSATIONS}`;
  const nameOf = (assistant: string): string | undefined => setup.live.find(assistant)?.name;
  const { smtp } = configuration;
  const isHere = (person: string): boolean =>
    [...staffLine.sockets.sockets.values()].some(({ data }) => data.signIn.staff.kind === "person" && data.signIn.staff.id === person);
  return [
    webhookAddressing({ documents, clock, conversationsUrl }),
    ...(smtp === undefined ? [] : [mailAddressing({ smtp, clock, conversationsUrl, nameOf })]),
    pushAddressing({ documents, clock, people: setup.people, isHere, nameOf, conversationPath: (id) => `${CONVERSATIONS}/${id}` }),
  ];
}

/** Loaded with the first that is sent: most servers send no letters and notify no browsers. */
function lateSender(load: () => Promise<Send>): Send {
  const sender = lazily(load);
  return async (...delivery) => (await sender())(...delivery);
}

const pushSender = lazily(() => import("../notices/push/send-push.ts"));

/** For addresses that browsers send: nothing private, whatever the operator allows other requests. */
const publicFetch = lazily(async () =>
  (await import("../guard/network/guarded-fetch.ts")).createGuardedFetch({ allowPrivate: [], headersTimeoutMs: 30_000 }),
);

async function mailSender({ configuration }: Needs): Promise<Send> {
  const { smtp } = configuration;
  if (smtp === undefined) return async () => ({ came: "gone", answer: { fault: "The configuration has no smtp any more." } });
  return (await import("../notices/mail/send-mail.ts")).createSendMail(smtp);
}

/** Push services ask for somebody to turn to. */
function contactOf({ address, configuration }: Needs): string {
  const from = configuration.smtp?.from.address;
  return from !== undefined ? `mailto:${from}` : address.isHttps ? address.url() : "mailto:frontdesk@localhost.localdomain";
}
