import type { VisibleEvent } from "../../protocol/events.ts";
import { refold, NOTHING_FOLDED } from "../../widget/thread/fold.ts";
import type { PersonEvent, ThreadState } from "../../widget/thread/state.ts";
import { arabicAnswer, richAnswer, shortAnswer } from "./answers.ts";
import { callOf, NOW, refundOf, textOf, threadOf, turnOf } from "./pieces.ts";
import type { Story } from "./story.ts";

const by = (name?: string) => ({ kind: "staff", id: "staff", ...(name === undefined ? {} : { name }) }) as const;
const me = { kind: "customer", id: "c" } as const;

type Draft = { readonly [T in VisibleEvent["type"]]: Omit<Extract<VisibleEvent, { type: T }>, "seq" | "at"> }[VisibleEvent["type"]];

/** A thread in which this happens after an answer. */
function after(drafts: readonly Draft[], more: Partial<ThreadState> = {}): ThreadState {
  const { assistant } = threadOf();
  const people = { takeContact: true, outside: "We are here from Monday to Friday, 9:00 to 17:30." };
  const folded = refold(
    drafts.map((draft, index) => ({ ...draft, seq: index + 5, at: NOW - 40_000 + index }) as VisibleEvent),
    NOTHING_FOLDED,
  );
  const answered = turnOf("Where is order 1042?", [callOf(), textOf(shortAnswer)]);
  return threadOf({ ...folded, turns: [answered, ...folded.turns], assistant: { ...assistant!, people }, ...more });
}

const joined = (name?: string): PersonEvent => ({ type: "person-joined", seq: 0, at: 0, by: by(name) });
const reply = (text: string, name?: string): Draft => ({ type: "reply-sent", messageId: `reply-${text.length}-00000`, text, by: by(name) });
const wrote = (text: string): Draft => ({ type: "message-received", messageId: `message-${text.length}-000`, text, by: me });

/** Members of the team in a conversation. */
export const peopleStories: Readonly<Record<string, Story>> = {
  "person asked": { state: after([{ type: "person-asked", by: me, open: true }]) },
  "person asked outside hours": { state: after([{ type: "person-asked", by: me, open: false }]) },
  "address wrong": { state: after([{ type: "person-asked", by: me, open: false }]), press: ["Leave address"] },
  "address left": {
    state: after([
      { type: "person-asked", by: me, open: false },
      { type: "contact-left", contactId: "contact-one", email: "anna@shop.example", by: me },
    ]),
  },
  "person joined": { state: after([joined("Mira Castellanos")]) },
  "person replied": {
    state: after([joined("Mira"), wrote("Are you there?"), reply("Yes! I am looking at **order 1042** now.", "Mira"), wrote("Thank you")]),
  },
  "person replied at length": { state: after([joined("Mira"), reply(richAnswer, "Mira")]) },
  "person writes": { state: after([joined("Mira"), wrote("Hello?")], { typing: { conversationId: "conversation-1", name: "Mira" } }) },
  "person without a name": { state: after([joined(), reply("Hello, what can I do for you?")]) },
  "person with a long name": {
    state: after([
      joined("Wolfeschlegelsteinhausenbergerdorff".repeat(3)),
      reply("Hello.", "Wolfeschlegelsteinhausenbergerdorff".repeat(3)),
    ]),
  },
  "person from right to left": { state: after([joined("ليلى"), reply(arabicAnswer, "ليلى")]) },
  "handed back": {
    state: after([joined("Mira"), reply("All settled.", "Mira"), { type: "handed-back", by: by("Mira") }]),
  },
  "conversation closed": {
    state: after([joined("Mira"), { type: "handed-back", by: by("Mira") }, { type: "conversation-closed", by: by("Mira") }]),
  },
  "menu with a person": { state: after([]), press: ["Menu"] },
  "team checks a call": {
    state: threadOf({ turns: [turnOf("Please refund it.", [refundOf({ approver: "staff" })], { status: "waiting" })] }),
  },
};
