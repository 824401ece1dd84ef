import * as z from "zod";
import type { JournalEvent, ToolReference } from "../../protocol/events.ts";
import type { Conversation, Store } from "../conversation/ports/store.ts";
import { type Notice, type NoticeConversation, NOTICE_EVENTS, type RaisedNotice } from "./notice.ts";
import type { Raised } from "./ports.ts";
import { lazily } from "../foundation/lazily.ts";
import { contactIn, type Transcript, transcriptOf } from "./transcript.ts";

const raisedNotice = z.object({
  event: z.enum(NOTICE_EVENTS),
  assistant: z.string().exactOptional(),
  conversationId: z.string().exactOptional(),
  groups: z.array(z.string()).exactOptional(),
  data: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<RaisedNotice>;

export interface ReadNoticesPorts {
  readonly store: Pick<Store, "find" | "readFrom" | "findCall" | "findApproval">;
}

/** What there is to tell of something that was raised; nothing where it concerns no member of the staff. */
export async function readNotices(ports: ReadNoticesPorts, raised: Raised): Promise<readonly Notice[]> {
  if (raised.place === undefined) return otherNotice(ports, raised);
  const { conversationId, seq } = raised.place;
  const [conversation, [event]] = await Promise.all([ports.store.find(conversationId), ports.store.readFrom(conversationId, seq, 1)]);
  if (conversation === undefined || event?.seq !== seq) return [];
  return noticesOf(ports, conversation, event);
}

async function otherNotice(ports: ReadNoticesPorts, { at, body }: Raised): Promise<readonly Notice[]> {
  const { data, conversationId, ...rest } = raisedNotice.parse(body);
  const conversation = conversationId === undefined ? undefined : await ports.store.find(conversationId);
  // It was erased meanwhile.
  if (conversationId !== undefined && conversation === undefined) return [];
  return [{ ...rest, at, data: async () => data, ...(conversation === undefined ? {} : { conversation: shown(conversation) }) }];
}

async function noticesOf(ports: ReadNoticesPorts, kept: Conversation, event: JournalEvent): Promise<readonly Notice[]> {
  const { at } = event;
  const conversation = shown(kept);
  const base = { at, conversation };
  switch (event.type) {
    case "approval-requested": {
      const { approvalId, approver, expiresAt, groups, people, because } = event;
      const tool = await toolOf(ports, kept.id, event.callId);
      const data = present({ approvalId, approver, tool, expiresAt: timeText(expiresAt), groups, people, because });
      return [{ ...base, event: "approval.requested", data: async () => data, ...(groups === undefined ? {} : { groups }) }];
    }
    case "approval-decided": {
      const approval = await ports.store.findApproval(event.approvalId);
      if (approval === undefined || approval.approver === "customer") return [];
      const tool = await toolOf(ports, kept.id, event.callId);
      return [{ ...base, event: "approval.expired", data: async () => ({ approvalId: event.approvalId, tool }) }];
    }
    case "tool-call-ended": {
      const tool = await toolOf(ports, kept.id, event.callId);
      return [{ ...base, event: "call.unknown", data: async () => present({ callId: event.callId, tool, cause: event.cause }) }];
    }
    case "person-asked": {
      const { by, reason, open } = event;
      return [{ ...base, event: "person.asked", data: async () => present({ by: by.kind, reason, open }) }];
    }
    case "contact-left": {
      const { contactId, email, text } = event;
      const left: Notice = { ...base, event: "contact.left", data: async () => present({ contactId, email, text }) };
      // What was said is sent with the first address: whoever leaves many would have it sent, and kept, as many times.
      if ((await contactIn(ports.store, kept.id, event.seq)) !== undefined) return [left];
      return [left, transcriptNotice(ports, kept, base, { because: "contact_left" })];
    }
    case "person-joined":
      return [{ ...base, event: "conversation.joined", by: event.by.id, data: async () => ({ person: person(event.by) }) }];
    case "handed-back":
      return [
        {
          ...base,
          event: "conversation.handed_back",
          by: event.by.id,
          data: async () => present({ person: person(event.by), summary: event.summary }),
        },
      ];
    case "conversation-closed": {
      const closed: Notice = { ...base, event: "conversation.closed", by: event.by.id, data: async () => ({ by: person(event.by) }) };
      // A letter with what was said goes to the customer only after a member of the staff has looked at it and closed it.
      const email = event.by.kind === "staff" ? await contactIn(ports.store, kept.id, event.seq) : undefined;
      return [closed, transcriptNotice(ports, kept, { ...base, by: event.by.id }, { because: "closed", email })];
    }
    default:
      return [];
  }
}

function transcriptNotice(
  ports: ReadNoticesPorts,
  kept: Conversation,
  base: Pick<Notice, "at" | "by"> & { readonly conversation: NoticeConversation },
  { because, email }: { readonly because: "contact_left" | "closed"; readonly email?: string | undefined },
): Notice {
  const transcript = lazily((): Promise<Transcript> => transcriptOf(ports.store, kept.id));
  const data = async (): Promise<Readonly<Record<string, unknown>>> => ({ because, ...(await transcript()) });
  return { ...base, event: "transcript", data, ...(email === undefined ? {} : { customerAddress: email }) };
}

function shown({ id, assistant, preview }: Conversation): NoticeConversation {
  return { id, assistant, preview: preview !== undefined };
}

async function toolOf({ store }: ReadNoticesPorts, conversationId: string, callId: string): Promise<Partial<ToolReference>> {
  const call = await store.findCall(conversationId, callId);
  if (call?.type !== "tool-call-proposed") return {};
  const { server, tool, title } = call.tool;
  return { server, tool, title };
}

function person({ id, name, kind }: { readonly id: string; readonly name?: string | undefined; readonly kind: string }) {
  return present({ id, kind, name });
}

/** Without what is not there. */
function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
