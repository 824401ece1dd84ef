import type { NoticeEvent } from "../notice.ts";

/** What letters say. */
export interface MailWords {
  readonly subjects: Readonly<Record<NoticeEvent, (assistant: string) => string>>;
  readonly customerSubject: (assistant: string) => string;
  readonly customerLead: (assistant: string) => string;
  readonly customer: string;
  readonly person: string;
  readonly address: (email: string) => string;
  readonly cut: string;
  readonly open: (url: string) => string;
}

const english: MailWords = {
  subjects: {
    "approval.requested": (assistant) => `${assistant}: a call waits for approval`,
    "approval.reminder": (assistant) => `${assistant}: a call still waits for approval`,
    "approval.expired": (assistant) => `${assistant}: nobody decided in time`,
    "person.asked": (assistant) => `${assistant}: a customer asks for a person`,
    "contact.left": (assistant) => `${assistant}: a customer left an address`,
    "conversation.joined": (assistant) => `${assistant}: a conversation was joined`,
    "conversation.handed_back": (assistant) => `${assistant}: a conversation was handed back`,
    "conversation.closed": (assistant) => `${assistant}: a conversation was closed`,
    transcript: (assistant) => `${assistant}: what a customer wrote`,
    "call.unknown": (assistant) => `${assistant}: nobody knows how a call ended`,
    "budget.warning": (assistant) => `${assistant}: the budget is nearly used up`,
  },
  customerSubject: (assistant) => `Your conversation with ${assistant}`,
  customerLead: (assistant) => `This is what was said in your conversation with ${assistant}.`,
  customer: "Customer",
  person: "Team",
  address: (email) => `Address to answer at: ${email}`,
  cut: "(The beginning is left out.)",
  open: (url) => `The conversation: ${url}`,
};

const german: MailWords = {
  subjects: {
    "approval.requested": (assistant) => `${assistant}: ein Aufruf wartet auf Freigabe`,
    "approval.reminder": (assistant) => `${assistant}: ein Aufruf wartet noch auf Freigabe`,
    "approval.expired": (assistant) => `${assistant}: niemand hat rechtzeitig entschieden`,
    "person.asked": (assistant) => `${assistant}: jemand möchte mit einer Person sprechen`,
    "contact.left": (assistant) => `${assistant}: jemand hat eine Adresse hinterlassen`,
    "conversation.joined": (assistant) => `${assistant}: ein Gespräch wurde übernommen`,
    "conversation.handed_back": (assistant) => `${assistant}: ein Gespräch wurde zurückgegeben`,
    "conversation.closed": (assistant) => `${assistant}: ein Gespräch wurde geschlossen`,
    transcript: (assistant) => `${assistant}: was jemand geschrieben hat`,
    "call.unknown": (assistant) => `${assistant}: wie ein Aufruf ausging, ist nicht bekannt`,
    "budget.warning": (assistant) => `${assistant}: das Budget ist fast verbraucht`,
  },
  customerSubject: (assistant) => `Ihr Gespräch mit ${assistant}`,
  customerLead: (assistant) => `Das wurde in Ihrem Gespräch mit ${assistant} gesagt.`,
  customer: "Kunde",
  person: "Team",
  address: (email) => `Adresse für die Antwort: ${email}`,
  cut: "(Der Anfang fehlt.)",
  open: (url) => `Das Gespräch: ${url}`,
};

export const MAIL_WORDS: Readonly<Record<"en" | "de", MailWords>> = { en: english, de: german };
