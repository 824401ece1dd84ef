import type { CustomerMessage, Folded, PersonEvent, Turn, VoiceCallEvent } from "./state.ts";

/** What a person does is drawn in its place among the turns, as a turn of its own that is over. */
export function withPerson(event: PersonEvent, folded: Folded): Folded {
  const { type, by } = event;
  const isTheirs = type === "person-joined" || type === "reply-sent";
  const isOver = type === "handed-back" || type === "conversation-closed";
  const person = isTheirs ? by : isOver ? undefined : folded.person;
  const typing = isTheirs || isOver ? undefined : folded.typing;
  const parts = type === "reply-sent" ? [{ kind: "text", step: 0, text: event.text, open: false } as const] : [];
  const turn = eventTurn(event, { parts, person: event });
  // Who has left an address is not asked for one again.
  const turns = type === "contact-left" ? folded.turns.map(answered) : folded.turns;
  // What waited for the assistant is the person's.
  const theirs = person === undefined ? [] : folded.waiting.map(ownTurn);
  return { person, typing, turns: [...turns, ...theirs, turn], waiting: person === undefined ? folded.waiting : [] };
}

/** What is drawn among the turns, and is none of the assistant's. */
export function eventTurn({ seq, at }: PersonEvent | VoiceCallEvent, what: Partial<Turn>): Turn {
  return { turnId: `event-${seq}`, parts: [], status: "done", stopping: false, endedAt: at, ...what };
}

/** A message to a person: no answer of the assistant's follows. */
export function ownTurn(message: CustomerMessage): Turn {
  return { turnId: message.messageId, message: { ...message, status: "stored" }, parts: [], status: "done", stopping: false };
}

function answered(turn: Turn): Turn {
  return turn.person?.type === "person-asked" ? { ...turn, contactLeft: true } : turn;
}
