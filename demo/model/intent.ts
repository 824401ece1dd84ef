export type Language = "en" | "de";

/** What the customer wants, as far as a script can see. */
export interface Intent {
  readonly kind:
    | "lookup"
    | "track"
    | "lookup-and-track"
    | "refund"
    | "cancel"
    | "photo"
    | "list"
    | "points"
    | "redeem"
    | "hours"
    | "cart"
    | "courier"
    | "long"
    | "greeting"
    | "thanks"
    | "unknown";
  readonly language: Language;
  readonly orderIds: readonly string[];
  /** An amount of money that was named, in cents. */
  readonly amountCents?: number;
  /** How many of a piece. */
  readonly quantity: number;
  /** What the photo or the long answer is to be about. */
  readonly subject: string;
}

const german =
  /\b(?:wo|ist|meine?[rsnm]?|bestellung(?:en)?|paket|sendung|verfolgen?|erstatten?|erstattung|rückerstattung|storniere?n?|stornierung|zeige?n?|bild|hallo|moin|guten|danke|hilfe|bitte|geld|schreibe?|erzähle?|geschichte|lange|kannst|du|wie|viele|(?:club)?punkte|einlösen)\b/iu;
const money = /(?:€|\beur(?:os?)?\b)\s*(\d+(?:[.,]\d{1,2})?)|(\d+(?:[.,]\d{1,2})?)\s*(?:€|\beur(?:os?)?\b)/iu;

const order = /\b(?:orders?|bestellung(?:en)?)\b/iu;
const parcel = /\b(?:parcels?|packages?|delivery|shipment|paket|sendung|lieferung)\b/iu;

/** First match wins, so the more costly wishes come first: "cancel and refund" must not become a lookup. */
const wishes: readonly (readonly [Intent["kind"], RegExp])[] = [
  ["long", /\b(?:long|detailed) (?:story|answer|text|essay|guide)|\blange[nrs]? (?:geschichte|antwort|text)/iu],
  ["redeem", /\bredeem|\beinlös|\bmy gift\b|\bclub gift\b/iu],
  ["points", /\b(?:points|(?:club)?punkte)\b/iu],
  ["refund", /\brefund|money back|\berstatt|rückerstatt|geld zurück/iu],
  ["cancel", /\bcancel|\bstornier/iu],
  ["courier", /\bcourier|\bkurier/iu],
  ["hours", /\bopening hours\b|\bwhen (?:are|do) you open\b|öffnungszeiten|wann (?:haben sie|habt ihr) (?:offen|geöffnet)/iu],
  ["cart", /\b(?:cart|basket|warenkorb)\b/iu],
  ["photo", /\b(?:photo|picture|image|foto|bild)\b/iu],
  ["list", /\b(?:list|show|which|what are|zeig\w*|welche|alle)\b.*\b(?:orders|bestellungen)\b|\bmy orders\b|\bmeine bestellungen\b/iu],
  ["track", /\btrack|\bverfolg/iu],
  ["track", parcel],
  ["lookup", order],
  ["lookup", /^\s*#?\d{4,8}\s*[?.]?\s*$/u],
  ["greeting", /^\s*(?:hi|hello|hey|good (?:morning|afternoon|evening)|hallo|moin|guten (?:morgen|tag|abend))\b/iu],
  ["thanks", /\b(?:thanks|thank you|danke)\b/iu],
];

/** Reads one message. It never fails: what it does not understand is `unknown`. */
export function readIntent(text: string): Intent {
  const amount = money.exec(text);
  const withoutAmount = amount === null ? text : text.replace(amount[0], " ");
  const orderIds = [...new Set([...withoutAmount.matchAll(/(?<![\d-])\d{4,8}(?!\d)/gu)].map(([digits]) => digits))];
  const kind = wishes.find(([, pattern]) => pattern.test(text))?.[0] ?? "unknown";
  const cents = amount === null ? undefined : Math.round(Number((amount[1] ?? amount[2] ?? "").replace(",", ".")) * 100);
  return {
    kind: kind === "track" && namesBoth(text) ? "lookup-and-track" : kind,
    language: german.test(text) ? "de" : "en",
    orderIds,
    ...(cents === undefined ? {} : { amountCents: cents }),
    quantity: quantityIn(text),
    subject: subjectOf(text),
  };
}

function quantityIn(text: string): number {
  const [digits] = /\b\d{1,2}\b/u.exec(text) ?? [];
  if (digits !== undefined) return Number(digits);
  return /\b(?:two|zwei)\b/iu.test(text) ? 2 : /\b(?:three|drei)\b/iu.test(text) ? 3 : 1;
}

/** "Where is order 1042 and my parcel?" asks for two things; "Track the parcel of order 1042" for one. */
function namesBoth(text: string): boolean {
  return /\b(?:orders?|bestellung(?:en)?)\b.*\b(?:and|und)\b.*\b(?:parcel|package|paket|sendung)\b|\b(?:parcel|package|paket|sendung)\b.*\b(?:and|und)\b.*\b(?:orders?|bestellung(?:en)?)\b/iu.test(
    text,
  );
}

function subjectOf(text: string): string {
  const found =
    /\b(?:photo|picture|image|foto|bild|story|answer|text|essay|guide|geschichte|antwort)\b\s*(?:of|about|on|von|vom|über)?\s*(?:the|a|an|my|your|der|die|das|dem|den|einer?|einem)?\s*(.*?)[?.!\s]*$/iu.exec(
      text,
    );
  return found?.[1]?.trim() ?? "";
}
