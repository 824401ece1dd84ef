import { plainText } from "./entities.ts";

// Quotes, brackets and full-width punctuation end an address; sentence marks end it only where nothing follows.
const OUTSIDE = /[\s<>"`|\u2018-\u201f\u3000-\u303f\uff00-\uff60]/;
const END_MARK = /[.,;:!?'*_~]/;
const ENTITY_END = /&[a-z\d]+;$/i;
const LONGEST_ENTITY = 34;
const LONGEST = 2048;
const DOMAIN = /^(?:https?:\/\/|www\.)[^/?#]*\p{L}|^https?:\/\/[\d[]/iu;
const MAILBOX = /[\w.+-]+$/;
const MAIL_DOMAIN = /@[a-z\d_-]+(?:\.[a-z\d_-]+)+/iy;

/** An address that stands in the text without any mark: GFM 6.9. */
export interface BareAddress {
  /** As it is shown. */
  readonly text: string;
  readonly address: string;
  /** Where it ends in the source. */
  readonly end: number;
}

/**
 * The address whose `http://`, `https://` or `www.` begins at `at`; none where a word goes on there. "open" if it
 * reaches the end of a text that goes on (`isOpen`).
 */
export function webAddress(source: string, at: number, isOpen: boolean): BareAddress | "open" | undefined {
  if (/[a-z\d]/i.test(source.charAt(at - 1))) return undefined;
  const near = source.slice(at, at + LONGEST);
  const outside = outsideOf(near);
  if (outside < 0 && isOpen && near.length < LONGEST) return "open";
  const written = withoutEndMarks(outside < 0 ? near : near.slice(0, outside));
  if (!DOMAIN.test(written)) return undefined;
  const text = plainText(written);
  return { text, address: /^w/i.test(text) ? `http://${text}` : text, end: at + written.length };
}

/** Where the address has ended for certain; -1 if it may go on. A bracket that it did not open is none of it. */
function outsideOf(near: string): number {
  const outside = near.search(OUTSIDE);
  let depth = 0;
  for (const { 0: bracket, index } of near.slice(0, outside < 0 ? undefined : outside).matchAll(/[[\]]/g)) {
    depth += bracket === "[" ? 1 : -1;
    if (depth < 0) return index;
  }
  return outside;
}

/** "(see https://a.example)" ends before the bracket, "https://a.example/Foo_(bar)" after it. */
function withoutEndMarks(text: string): string {
  let end = text.length;
  let unbalanced = text.split(")").length - text.split("(").length;
  for (;;) {
    const last = text.charAt(end - 1);
    const [entity] = (last === ";" && ENTITY_END.exec(text.slice(Math.max(0, end - LONGEST_ENTITY), end))) || [];
    if (last === ")" && unbalanced > 0) unbalanced -= 1;
    else if (!END_MARK.test(last)) return text.slice(0, end);
    end -= entity?.length ?? 1;
  }
}

/** The mail address around the `@` at `at`; `from` is where its first part may begin. */
export function mailAddress(source: string, from: number, at: number): (BareAddress & { readonly begin: number }) | undefined {
  const [name] = MAILBOX.exec(source.slice(Math.max(from, at - 64), at)) ?? [];
  MAIL_DOMAIN.lastIndex = at;
  const [found] = MAIL_DOMAIN.exec(source) ?? [];
  if (!name || !found || /[-_]$/.test(found)) return undefined;
  return { text: name + found, address: `mailto:${name}${found}`, begin: at - name.length, end: at + found.length };
}
