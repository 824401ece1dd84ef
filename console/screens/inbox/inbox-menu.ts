import { html } from "lit";
import type { Conversation } from "../../api/types.ts";
import { me, may } from "../../foundation/screen.ts";
import { showDialog } from "../../parts/dialogs.ts";
import type { menu } from "../../parts/menu.ts";
import { toastFault } from "../../parts/toasts.ts";
import { close, daysToMonday, hourFrom, nineOn, putOff, release, reopen, reply, take } from "./inbox-actions.ts";
import { inboxRows } from "./inbox-rows.ts";
import { inboxWords } from "./inbox-words.ts";

type Entries = Parameters<typeof menu>[1];

/** All that the keys do, and what has no key. */
export function rowActions(conversation: Conversation): Entries {
  if (!may("conversations.write")) return [];
  const { id, assignee, closed, snoozedUntil } = conversation;
  const isMine = assignee?.kind === "person" && assignee.id === me.self?.id;
  const putOffUntil = (until: (now: number) => number) => () => void gone(id, putOff(conversation, until(Date.now())));
  return [
    { label: inboxWords.reply, icon: "chat", act: () => reply(conversation) },
    ...(isMine ? [] : [{ label: inboxWords.take, icon: "person" as const, act: () => void take(conversation) }]),
    ...(assignee === undefined ? [] : [{ label: inboxWords.release, icon: "undo" as const, act: () => void release(conversation) }]),
    { label: inboxWords.organise, icon: "edit", act: () => void organise(conversation) },
    ...(snoozedUntil === undefined
      ? [
          { label: inboxWords.putOffHour, icon: "moon" as const, act: putOffUntil(hourFrom) },
          { label: inboxWords.putOffTomorrow, icon: "moon" as const, act: putOffUntil((now) => nineOn(now, 1)) },
          { label: inboxWords.putOffWeek, icon: "moon" as const, act: putOffUntil((now) => nineOn(now, daysToMonday(now))) },
        ]
      : [{ label: inboxWords.bringBack, icon: "restore" as const, act: () => void gone(id, putOff(conversation, null)) }]),
    closed === true
      ? { label: inboxWords.reopen, icon: "restore", act: () => void reopen(id).catch(toastFault) }
      : { label: inboxWords.close, icon: "check", act: () => void gone(id, close(conversation)) },
  ];
}

/** What was done takes it out of the view that is shown, but for those that have all. */
async function gone(id: string, done: Promise<boolean>): Promise<void> {
  if (!(await done)) return;
  if (inboxRows.query["view"] === "all") await inboxRows.refresh(() => false);
  else inboxRows.remove(id);
}

export async function organise(conversation: Conversation): Promise<void> {
  await import("./organise-form.ts");
  await showDialog(inboxWords.organiseTitle, (done) => html`<desk-organise .conversation=${conversation} @done=${done}></desk-organise>`);
}
