import type { NoticeEvent } from "../notice.ts";

/** What is told in a browser while the console is closed. It names no customer: others may see the screen. */
export type PushEvent = Extract<NoticeEvent, "approval.requested" | "approval.reminder" | "person.asked">;

type PushWords = Readonly<Record<PushEvent, { readonly title: string; readonly text: (assistant: string) => string }>>;

const english: PushWords = {
  "approval.requested": { title: "A call waits for approval", text: (assistant) => `${assistant} asks the team.` },
  "approval.reminder": {
    title: "A call still waits for approval",
    text: (assistant) => `${assistant} asks the team. The time is nearly over.`,
  },
  "person.asked": { title: "A customer asks for a person", text: (assistant) => `In a conversation with ${assistant}.` },
};

const german: PushWords = {
  "approval.requested": { title: "Ein Aufruf wartet auf Freigabe", text: (assistant) => `${assistant} fragt das Team.` },
  "approval.reminder": {
    title: "Ein Aufruf wartet noch auf Freigabe",
    text: (assistant) => `${assistant} fragt das Team. Die Zeit ist fast vorbei.`,
  },
  "person.asked": { title: "Jemand möchte mit einer Person sprechen", text: (assistant) => `In einem Gespräch mit ${assistant}.` },
};

export const PUSH_WORDS: Readonly<Record<"en" | "de", PushWords>> = { en: english, de: german };
