import type { Clock } from "../../foundation/clock.ts";
import type { Addressing } from "../give-out.ts";
import type { Notice } from "../notice.ts";
import type { NewDelivery } from "../ports.ts";
import type { Transcript } from "../transcript.ts";
import { type Letter, subjectOf } from "./letter.ts";
import { mailAddress } from "./mail-address.ts";
import type { SmtpSettings } from "./mail-settings.ts";
import { MAIL_WORDS, type MailWords } from "./mail-words.ts";

export interface MailAddressingPorts {
  readonly smtp: SmtpSettings;
  readonly clock: Clock;
  readonly conversationsUrl: () => string;
  /** What customers call an assistant. */
  readonly nameOf: (assistant: string) => string | undefined;
}

/** Who gets a letter: those of the team about what they are told of, and customers what was said in their conversation. */
export function mailAddressing(ports: MailAddressingPorts): Addressing {
  return {
    async deliveriesOf(notice) {
      const { smtp } = ports;
      // A draft that is tried out writes to nobody.
      if (notice.conversation?.preview === true) return [];
      const toTeam = smtp.notify.includes(notice.event) && smtp.team.length > 0;
      const customer = smtp.customers ? mailAddress.safeParse(notice.customerAddress).data : undefined;
      if (!toTeam && customer === undefined) return [];
      const data = await notice.data();
      const letters = [
        ...(toTeam ? smtp.team.map((to) => teamLetter(ports, notice, data, to)) : []),
        ...(customer === undefined ? [] : [customerLetter(ports, notice, data, customer)]),
      ];
      return letters.map((letter) => deliveryOf(ports, notice, letter));
    },
  };
}

function deliveryOf({ clock }: MailAddressingPorts, { event, conversation }: Notice, letter: Letter): NewDelivery {
  const about = conversation === undefined ? {} : { conversationId: conversation.id };
  const id = `mail_${clock.id()}`;
  return { id, channel: "mail", target: letter.to, event, ...about, body: JSON.stringify(letter), at: clock.now() };
}

type Data = Readonly<Record<string, unknown>>;

function teamLetter(ports: MailAddressingPorts, notice: Notice, data: Data, to: string): Letter {
  const words = MAIL_WORDS[ports.smtp.language];
  const { conversation, event } = notice;
  const subject = subjectOf(words.subjects[event](assistantOf(ports, notice)));
  const contact = event === "transcript" ? mailAddress.safeParse(data["contact"]).data : undefined;
  const text = [
    ...(contact === undefined ? [] : [words.address(contact)]),
    ...(conversation === undefined ? [] : [words.open(`${ports.conversationsUrl()}/${conversation.id}`)]),
    "",
    event === "transcript" ? said(data as unknown as Transcript, words) : facts(data),
  ].join("\n");
  return { to, subject, text, ...(contact === undefined ? {} : { replyTo: contact }) };
}

function customerLetter(ports: MailAddressingPorts, notice: Notice, data: Data, to: string): Letter {
  const words = MAIL_WORDS[ports.smtp.language];
  const assistant = assistantOf(ports, notice);
  const text = [words.customerLead(assistant), "", said(data as unknown as Transcript, words)].join("\n");
  return { to, subject: subjectOf(words.customerSubject(assistant)), text };
}

function assistantOf({ nameOf }: MailAddressingPorts, { conversation, assistant }: Notice): string {
  const key = conversation?.assistant ?? assistant ?? "";
  return nameOf(key) ?? (key === "" ? "Frontdesk" : key);
}

function said({ messages, cut }: Transcript, words: MailWords): string {
  const lines = messages.map(({ at, from, name, text }) => {
    const who = from === "customer" ? words.customer : from === "person" ? (name ?? words.person) : "Assistant";
    return `${who}, ${at.slice(0, 16).replace("T", " ")} UTC\n${indented(text)}\n`;
  });
  return [...(cut ? [words.cut] : []), ...lines].join("\n");
}

/** What somebody said stands apart from who says it, whatever they wrote. */
function indented(text: string): string {
  return text
    .trim()
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => `  ${line}`)
    .join("\n");
}

/** What else there is to know, one fact a line. */
function facts(data: Data): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? indented(value).trimStart() : JSON.stringify(value)}`)
    .join("\n");
}
