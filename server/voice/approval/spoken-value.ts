import type { ArgumentField } from "../../../protocol/content.ts";
import type { ApprovalWords } from "./approval-words.ts";
import { plainWords } from "./plain-words.ts";

/** A value as it is said. `isWhole` false: it is only a part of it, and the rest is on the screen. */
export interface SpokenValue {
  readonly text: string;
  readonly isWhole: boolean;
}

const MOST_CHARACTERS = 80;
const MOST_ITEMS = 3;
/** Nobody follows a longer number. */
const MOST_NUMBER = 1e15;
/** Of an id, digit by digit. Of a longer one only its end is said. */
const MOST_SPELLED = 16;
const SPELLED_END = 4;
const ID_NAMES: ReadonlySet<string> = new Set(
  plainWords(`id ids number no nr code reference ref sku order ticket tracking account invoice booking iban zip phone pin
    nummer kennung bestellung auftrag vorgang konto rechnung buchung plz telefon`),
);
const URL_IN_TEXT = /\bhttps?:\/\/[^\s<>"]+/g;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

/** A value of a call, said so that it can be understood: amounts with their currency, dates in words, ids digit by digit. */
export function spokenValue(field: ArgumentField, words: ApprovalWords): SpokenValue {
  const { value, format, currency } = field;
  if (format === "money" && typeof value === "number" && currency !== undefined) return whole(money(value, currency, words));
  if (typeof value === "boolean") return whole(value ? words.yes : words.no);
  if (value === null || value === undefined || value === "") return whole(words.nothing);
  if (typeof value === "number" && Math.abs(value) >= MOST_NUMBER) return { text: "", isWhole: false };
  if (typeof value === "number") return isId(field) ? spelled(String(value), words) : whole(plainNumber(value, words));
  if (typeof value === "string") return spokenText(value, field, words);
  if (Array.isArray(value)) return list(value, field, words);
  return { text: "", isWhole: false };
}

/** Text of somebody else, such as a title: one line, nothing unseen, and not longer than one can listen to. */
export function spokenLine(text: string, words: ApprovalWords): SpokenValue {
  let isWhole = true;
  const line = text
    .replaceAll(UNSEEN, " ")
    .replaceAll(URL_IN_TEXT, (address) => {
      isWhole = false;
      return words.linkTo(URL.canParse(address) ? new URL(address).hostname : "…");
    })
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[\s.!?:;,]+$/, "");
  if (line.length <= MOST_CHARACTERS) return { text: line, isWhole };
  const cut = line.slice(0, MOST_CHARACTERS);
  return { text: cut.slice(0, Math.max(cut.lastIndexOf(" "), MOST_CHARACTERS / 2)).trim(), isWhole: false };
}

function spokenText(value: string, field: ArgumentField, words: ApprovalWords): SpokenValue {
  const date = spokenDate(value, words);
  if (date !== undefined) return whole(date);
  const looksSpelled = /^[\p{L}\p{N}#][\p{L}\p{N}._/#+-]*$/u.test(value) && /\p{N}/u.test(value);
  if (looksSpelled && (isId(field) || /\p{L}/u.test(value) || value.length > MOST_ITEMS)) return spelled(value, words);
  return spokenLine(value, words);
}

function list(items: readonly unknown[], field: ArgumentField, words: ApprovalWords): SpokenValue {
  const said = items
    .slice(0, MOST_ITEMS)
    .map((value) => (Array.isArray(value) ? { text: "", isWhole: false } : spokenValue({ ...field, value }, words)));
  const text = said
    .map((one) => one.text)
    .filter((one) => one !== "")
    .join(", ");
  const left = items.length - said.length;
  if (items.length === 0) return whole(words.nothing);
  return { text: left > 0 && text !== "" ? words.and(text, left) : text, isWhole: left === 0 && said.every(({ isWhole }) => isWhole) };
}

/** `minor` units of a currency (ISO 4217), "23 euros". */
function money(minor: number, currency: string, { language }: ApprovalWords): string {
  try {
    const style = { style: "currency", currency, currencyDisplay: "name" } as const;
    const digits = new Intl.NumberFormat(language, style).resolvedOptions().maximumFractionDigits ?? 2;
    return new Intl.NumberFormat(language, { ...style, trailingZeroDisplay: "stripIfInteger" }).format(minor / 10 ** digits);
  } catch {
    return `${minor} ${currency}`;
  }
}

function plainNumber(value: number, { language }: ApprovalWords): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 20, useGrouping: false }).format(value);
}

/** A day, or a moment as it is written: nobody here knows in which time zone the customer is. */
function spokenDate(text: string, { language }: ApprovalWords): string | undefined {
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return undefined;
  const date = new Date(`${day}T${time ?? "00:00"}:00Z`);
  if (Number.isNaN(date.getTime())) return undefined;
  const style: Intl.DateTimeFormatOptions = { dateStyle: "long", timeZone: "UTC" };
  const said = new Intl.DateTimeFormat(language, time === undefined ? style : { ...style, timeStyle: "short" }).format(date);
  return zone === undefined ? said : `${said} UTC${/^z$/i.test(zone) ? "" : ` ${zone}`}`;
}

/** "1 0 4 2": one by one, with a pause where the id has a sign. */
function spelled(text: string, words: ApprovalWords): SpokenValue {
  const characters = Array.from(text.matchAll(/[\p{L}\p{N}]|[^\p{L}\p{N}]+/gu), ([one]) => one);
  const spoken = characters.filter((one) => /[\p{L}\p{N}]/u.test(one));
  if (spoken.length > MOST_SPELLED) return { text: words.endsIn(spoken.slice(-SPELLED_END).join(" ")), isWhole: false };
  const line = characters.map((one) => (/[\p{L}\p{N}]/u.test(one) ? ` ${one}` : ",")).join("");
  return whole(line.replaceAll(/^[\s,]+|,+$/g, ""));
}

function isId({ name, title }: ArgumentField): boolean {
  const separate = `${name} ${title}`.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll("_", " ");
  return plainWords(separate).some((word) => ID_NAMES.has(word));
}

function whole(text: string): SpokenValue {
  return { text, isWhole: true };
}
