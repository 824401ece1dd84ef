import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { type Action, mayDo, type Staff } from "../../identity/staff/actions.ts";
import { sessionIdOf } from "../../identity/staff/session-record.ts";
import type { Addressing } from "../give-out.ts";
import type { Notice } from "../notice.ts";
import type { NewDelivery } from "../ports.ts";
import { pushSubscriptionBody } from "./push-subscription.ts";
import { PUSH_WORDS, type PushEvent } from "./push-words.ts";

export interface PushAddressingPorts {
  readonly documents: Pick<DocumentStore, "list" | "get">;
  readonly clock: Clock;
  readonly people: { find(personId: string): Promise<Staff | undefined> };
  /** Whether this member of the staff has the console open: there they are told at once. */
  readonly isHere: (personId: string) => boolean;
  readonly nameOf: (assistant: string) => string | undefined;
  /** Where the service worker opens the console: below its own address. */
  readonly conversationPath: (conversationId: string) => string;
}

/** What somebody has to be allowed to hear of it. */
const NEEDS: Readonly<Record<PushEvent, Action>> = {
  "approval.requested": "approvals.decide",
  "approval.reminder": "approvals.decide",
  "person.asked": "conversations.write",
};

/** Which browsers are told: those of members who may act on it and do not look at the console. */
export function pushAddressing(ports: PushAddressingPorts): Addressing {
  return {
    async deliveriesOf(notice) {
      const { event } = notice;
      if (!isPushed(event)) return [];
      const subscriptions = await everyDocument(ports.documents, "push-subscription", { now: ports.clock.now() });
      const wanted = await Promise.all(subscriptions.map((one) => isFor(ports, notice, NEEDS[event], one)));
      return subscriptions.filter((_, index) => wanted[index] === true).map((one) => deliveryOf(ports, notice, event, one));
    },
  };
}

function isPushed(event: string): event is PushEvent {
  return Object.hasOwn(NEEDS, event);
}

async function isFor(ports: PushAddressingPorts, notice: Notice, action: Action, { parent, body }: StoredDocument): Promise<boolean> {
  if (parent === undefined || parent === notice.by || ports.isHere(parent)) return false;
  const staff = await ports.people.find(parent);
  if (staff === undefined || !mayDo(staff, action)) return false;
  const { session } = pushSubscriptionBody.parse(body);
  // Whoever signed out there may have left the browser to somebody else.
  if (session !== undefined && !(await isSignedIn(ports, parent, session))) return false;
  return notice.groups === undefined || notice.groups.some((group) => staff.groups.includes(group));
}

/** A person has few sessions. */
async function isSignedIn({ documents, clock }: PushAddressingPorts, person: string, session: string): Promise<boolean> {
  const sessions = await everyDocument(documents, "staff-session", { parent: person, now: clock.now() });
  return sessions.some((one) => sessionIdOf(one) === session);
}

function deliveryOf(ports: PushAddressingPorts, notice: Notice, event: PushEvent, { id, body }: StoredDocument): NewDelivery {
  const { clock, nameOf } = ports;
  const { conversation } = notice;
  const key = conversation?.assistant ?? notice.assistant ?? "";
  const { title, text } = PUSH_WORDS[pushSubscriptionBody.parse(body).language][event];
  const path = conversation === undefined ? "/" : ports.conversationPath(conversation.id);
  const said = { title, body: text(nameOf(key) ?? key), path, tag: `${event} ${conversation?.id ?? key}` };
  const about = conversation === undefined ? {} : { conversationId: conversation.id };
  return { id: `push_${clock.id()}`, channel: "push", target: id, event, ...about, body: JSON.stringify(said), at: clock.now() };
}
