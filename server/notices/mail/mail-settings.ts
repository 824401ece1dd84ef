import * as z from "zod";
import { NOTICE_EVENTS } from "../notice.ts";
import { mailAddress } from "./mail-address.ts";

/** Whoever a letter is from: an address, with a name before it or not. */
const sender = z.string().transform((text, context) => {
  const [, name = "", bracketed] = /^\s*(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>]+)>|[^<>]*)\s*$/u.exec(text) ?? [];
  const address = mailAddress.safeParse(bracketed ?? text);
  if (address.success) return { name: name.trim(), address: address.data };
  context.addIssue('expected an e-mail address, such as "Lull Pottery <desk@shop.example>"');
  return z.NEVER;
});

/** How letters leave the house. */
export const smtpSchema = z.strictObject({
  url: z
    .string()
    .refine((text) => isSmtpUrl(text), 'expected the address of a mail server, such as "smtp://user:password@mail.example:587"')
    .describe('smtp:// or smtps://, with name and password; write "${NAME}" and set NAME in the environment.'),
  from: sender.describe("Whoever letters are from."),
  encryption: z
    .enum(["required", "if-offered"])
    .default("required")
    .describe("Of smtp://: whether a letter leaves over a connection that is not encrypted."),
  language: z.enum(["en", "de"]).default("en").describe("Of the letters."),
  team: z.array(mailAddress).max(20).default([]).describe("Who of the team gets letters."),
  notify: z.array(z.enum(NOTICE_EVENTS)).default(["transcript"]).describe("What the team gets a letter about."),
  customers: z
    .boolean()
    .default(true)
    .describe("Whether customers who left an address get what was said, when a member of the staff closes the conversation."),
});
export type SmtpSettings = z.output<typeof smtpSchema>;

function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === "" || url.search !== "" || url.hash !== "") return false;
  try {
    return decodeURIComponent(url.username + url.password) !== undefined;
  } catch {
    return false;
  }
}
