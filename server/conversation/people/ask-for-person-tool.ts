import * as z from "zod";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Journal } from "../journal/journal.ts";
import type { PeopleSettings } from "../ports/assistant.ts";
import type { Conversation, Store } from "../ports/store.ts";
import type { Tool, ToolResult } from "../ports/tools.ts";
import { isOpen } from "./business-hours.ts";

export const ASK_FOR_PERSON = "frontdesk__ask_for_person";

const inputSchema = {
  type: "object",
  properties: {
    reason: { type: "string", maxLength: 500, description: "For the team, in a sentence: what the customer needs, and what was tried." },
  },
  required: ["reason"],
} as const;

const argumentsSchema = z.object({ reason: z.string().max(500) });
const definitionHash = sha256Hex(canonicalJson(inputSchema));

export interface AskForPersonPorts {
  readonly journal: Journal;
  readonly clock: Pick<Clock, "now">;
  readonly store: Pick<Store, "find">;
}

/** `frontdesk__ask_for_person`: the model's way to a person of the team. It asks no approval: nothing is done by it. */
export function askForPersonTool(ports: AskForPersonPorts, conversation: Conversation, people: PeopleSettings): Tool {
  return {
    name: ASK_FOR_PERSON,
    reference: {
      source: "host",
      server: "frontdesk",
      serverName: "Frontdesk",
      tool: "ask_for_person",
      title: "Ask for a person",
      readOnly: true,
    },
    description:
      "Asks a member of the team to come into this conversation. Use it when the customer wants a person, or when you cannot help any further. Its result says whether somebody is there; tell the customer.",
    inputSchema,
    definitionHash,
    check(input) {
      const parsed = argumentsSchema.safeParse(input);
      return parsed.success ? undefined : z.prettifyError(parsed.error);
    },
    call: async (input): Promise<ToolResult> => {
      const { reason } = argumentsSchema.parse(input);
      const open = isOpen(people.hours, ports.clock.now());
      // Asked for already, by a call that is made again or by the customer: once is enough.
      const { id, askedAt } = (await ports.store.find(conversation.id)) ?? conversation;
      const event = { type: "person-asked", by: { kind: "system", id: "frontdesk" }, reason, open } as const;
      if (askedAt === undefined) await ports.journal.append({ conversationId: id, events: [event], at: ports.clock.now() });
      return { outcome: "ok", content: [{ kind: "text", text: open ? THERE : nobodyThere(people) }] };
    },
  };
}

const THERE = "The team was asked. Somebody will come into this conversation; until then you may go on.";

function nobodyThere({ outside, takeContact }: PeopleSettings): string {
  return [
    "The team was asked, but nobody is there at this hour.",
    ...(outside === undefined ? [] : [`Tell the customer: ${outside}`]),
    ...(takeContact ? ["The customer sees a form below this in which they can leave an e-mail address."] : []),
  ].join(" ");
}
