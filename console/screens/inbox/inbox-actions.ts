import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { Conversation } from "../../api/types.ts";
import { router } from "../../foundation/router.ts";
import { me } from "../../foundation/screen.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { inboxRows } from "./inbox-rows.ts";
import { inboxWords } from "./inbox-words.ts";

/** Said on `inboxRows` once whoever is signed in has changed a conversation: it shows at once. */
export const ORGANISED = "organised";

type Change = Readonly<Record<string, unknown>>;

function pathOf(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`;
}

/** Gives a conversation to whoever is signed in, unless somebody else was faster: who has it is shown then. */
export async function take(conversation: Conversation): Promise<void> {
  const { self } = me;
  if (self?.kind !== "person") return;
  const { assignee } = conversation;
  const was = assignee === undefined ? null : { kind: assignee.kind, id: assignee.id };
  if (was?.kind === "person" && was.id === self.id) return;
  const done = await change(conversation.id, { assignee: { kind: "person", id: self.id }, was });
  if (!done) return;
  inboxRows.change(conversation.id, { assignee: { kind: "person", id: self.id, name: self.name } });
  toast(inboxWords.taken);
}

/** Gives it to nobody. */
export async function release(conversation: Conversation): Promise<void> {
  if (!(await change(conversation.id, { assignee: null }))) return;
  toast(inboxWords.given);
  await inboxRows.refresh(() => true);
}

/** Closes it, which can be taken back. False: it is as it was. */
export async function close({ id }: Conversation): Promise<boolean> {
  try {
    await api.post(`${pathOf(id)}/close`);
    organised();
  } catch (error) {
    toastFault(error);
    return false;
  }
  toast(inboxWords.closedNow, { undo: () => reopen(id) });
  return true;
}

export async function reopen(id: string): Promise<void> {
  await api.post(`${pathOf(id)}/reopen`);
  organised();
  await inboxRows.refresh(() => false);
}

/** Opens it with the cursor where the reply is written. */
export function reply({ id }: Conversation): void {
  void router.go(addressOf(id), { query: { do: "reply" } });
}

export function addressOf(id: string): string {
  return `/inbox/${encodeURIComponent(id)}`;
}

/** `until`: milliseconds since 1970; null brings it back. */
export async function putOff({ id }: Conversation, until: number | null): Promise<boolean> {
  const done = await change(id, { snoozedUntil: until });
  if (done) toast(until === null ? inboxWords.broughtBack : inboxWords.putOff, until === null ? {} : { undo: () => putBack(id) });
  return done;
}

async function putBack(id: string): Promise<void> {
  await change(id, { snoozedUntil: null });
  await inboxRows.refresh(() => false);
}

/** Sends what is to be changed of it. False: it was refused, which is said. */
export async function change(id: string, body: Change): Promise<boolean> {
  try {
    await api.patch(`${pathOf(id)}/inbox`, body, undefined);
    organised();
    return true;
  } catch (error) {
    toastFault(error);
    if (error instanceof ApiProblem && error.code === "already-assigned") await inboxRows.refresh(() => true);
    return false;
  }
}

function organised(): void {
  inboxRows.dispatchEvent(new Event(ORGANISED));
}

/** The next hour, tomorrow at nine, Monday at nine, as whoever looks has them. */
export function hourFrom(now: number): number {
  return now + 3_600_000;
}

export function nineOn(now: number, days: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  day.setHours(9, 0, 0, 0);
  return day.getTime();
}

/** In how many days the next Monday is. */
export function daysToMonday(now: number): number {
  return (8 - new Date(now).getDay()) % 7 || 7;
}
