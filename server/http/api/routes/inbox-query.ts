import * as z from "zod";
import type { Staff } from "../../../identity/staff/actions.ts";
import { type Assignee, INBOX_VIEWS, type InboxFilter, type InboxMember, type InboxPlace } from "../../../inbox/inbox.ts";
import { prioritySchema } from "./conversation-schemas.ts";

const text = z.string().min(1).max(200);

/** What lists of the inbox are filtered by, beside what every list of conversations has. */
export const inboxQuery = {
  view: z
    .enum(INBOX_VIEWS)
    .optional()
    .describe(
      "A view of the inbox, newest activity first; from and to are then times of activity. mine: given to whoever asks, or to a group of theirs.",
    ),
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("Words: all in one message, answer, reply, note or result. Newest first; from and to are then times of the text."),
  language: text.optional().describe("The first part of a BCP 47 tag, such as de."),
  page: z.string().min(1).max(500).optional().describe("Where it was begun: an address, or its path alone."),
  tool: text.optional().describe("<server>/<tool>: one of its calls was of it."),
  outcome: z.enum(["ok", "failed", "cancelled", "unknown", "refused"]).optional().describe("One of its calls ended so."),
  tag: text.optional(),
  feedback: z.enum(["up", "down"]).optional(),
  priority: prioritySchema.optional(),
  assignee: z
    .string()
    .regex(/^(me|nobody|(person|group)\/.{1,64})$/)
    .optional()
    .describe("me, nobody, person/<id> or group/<id>."),
} as const;

const querySchema = z.object(inboxQuery);
type InboxQuery = z.output<typeof querySchema>;
/** What every list of conversations has. */
interface CommonQuery {
  readonly assistant?: string | undefined;
  readonly customer?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Whether a list is one of the inbox: it names a view, or something that only the inbox knows. */
export function isOfInbox(query: object): boolean {
  return Object.keys(inboxQuery).some((name) => (query as Readonly<Record<string, unknown>>)[name] !== undefined);
}

export function inboxFilterOf(query: Omit<InboxQuery, "view" | "q"> & CommonQuery, staff: Pick<Staff, "id">): InboxFilter {
  const { assignee, assistant, customer, from, to, language, page, tool, outcome, tag, feedback, priority } = query;
  const given = { assistant, customer, from, to, language, page, tool, outcome, tag, feedback, priority };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as InboxFilter),
    ...(assignee === undefined ? {} : { assignee: assigneeOf(assignee, staff) }),
  };
}

function assigneeOf(name: string, { id }: Pick<Staff, "id">): Assignee | "nobody" {
  if (name === "nobody") return name;
  if (name === "me") return { kind: "person", id };
  const [kind, ...rest] = name.split("/");
  return { kind: kind === "group" ? "group" : "person", id: rest.join("/") };
}

export function memberOf({ id, groups }: Pick<Staff, "id" | "groups">): InboxMember {
  return { id, groups };
}

/** Where a conversation stands in the inbox: what a page's cursor carries. */
export function inboxPlaceText({ activeAt, id }: InboxPlace): string {
  return `${activeAt} ${id}`;
}

/** A cursor that somebody invented leads to the end of the list. */
export function inboxPlaceOf(text: string): InboxPlace {
  const [activeAt = "", id = ""] = text.split(" ");
  return { activeAt: Number(activeAt) || 0, id };
}
