/** Punctuation that a backslash makes plain, kept out of the way of the rules below in a private area of Unicode. */
const ESCAPED = /\\([!-/:-@[-`{-~])/g;
const HIDDEN = /[\uE000-\uE07F]/g;
const HIDDEN_FROM = 0xe0_00;

const IMAGE = /!\[([^\]]*)\]\([^)]*\)/g;
const LINK = /\[([^\]]*)\]\((?:<[^>]*>|[^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const REFERENCE = /\[([^\]]+)\]\[[^\]]*\]/g;
const FOOTNOTE = /\s*\[\^?\d{1,3}\](?!\()/g;
const CHECKBOX = /^(\s*(?:[-*+]|\d+[.)])\s+)\[[ xX]\]\s/gm;
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^>\s]*)>/g;
const BARE_URL = /\bhttps?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]}。，！？、]/g;
const TAG = /<\/?[a-zA-Z][^<>]*>/g;
const RULE = /^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,})$/gm;
const TABLE_RULE = /^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*(?::?-{2,}:?)?[ \t]*$/gm;
const TABLE_ROW = /^[ \t]*\|(.*)\|[ \t]*$/gm;
const HEADING = /^[ \t]*#{1,6}[ \t]+|[ \t]+#+[ \t]*$/gm;
const QUOTE = /^[ \t]*(?:>[ \t]?)+/gm;
const BULLET = /^[ \t]*[-*+•][ \t]+/gm;
const FENCE = /^[ \t]*(?:`{3,}|~{3,}).*$/gm;
const CODE = /(`+)([^`]*)\1/g;
/** Not the sign between two numbers, or one by itself. */
const STARS = /(?<![\s\d])\*+|\*+(?![\s\d*])|\*{2,}/g;
const UNDERSCORES = /(?<![\p{L}\p{N}_])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}_])/gu;
const STRIKES = /~~|==(?=\S)|(?<=\S)==/g;
const EMOJI =
  /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)(?:\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic}\uFE0F?)*\uFE0F?/gu;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/**
 * What of a piece of Markdown is said aloud: a link by its text, an address by its host, no signs of formatting, no
 * pictures in the text. Empty: nothing is.
 */
export function speakable(markdown: string): string {
  const text = markdown
    .replace(ESCAPED, (_, sign: string) => String.fromCharCode(HIDDEN_FROM + sign.charCodeAt(0)))
    .replace(FENCE, " ")
    .replace(CODE, (_, _ticks, code: string) => hidden(code))
    .replace(RULE, " ")
    .replace(TABLE_RULE, " ")
    .replace(TABLE_ROW, (_, cells: string) =>
      cells
        .split("|")
        .map((cell) => cell.trim())
        .filter(Boolean)
        .join(", "),
    )
    .replace(CHECKBOX, "$1")
    .replace(IMAGE, "$1")
    .replace(LINK, (_, label: string) => label)
    .replace(REFERENCE, "$1")
    .replace(FOOTNOTE, "")
    .replace(AUTOLINK, (_, address: string) => hostOf(address))
    .replace(BARE_URL, hostOf)
    .replace(TAG, " ")
    .replace(QUOTE, "")
    .replace(HEADING, "")
    .replace(BULLET, "")
    .replace(STARS, "")
    .replace(UNDERSCORES, "")
    .replace(STRIKES, "")
    .replace(EMOJI, "")
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? "")
    .replace(HIDDEN, (sign) => String.fromCharCode(sign.charCodeAt(0) - HIDDEN_FROM))
    .replace(/\s+/g, " ")
    .trim();
  return /[\p{L}\p{N}]/u.test(text) ? text : "";
}

/** What is code is said as it is. */
function hidden(code: string): string {
  return code.replace(/[!-/:-@[-`{-~]/g, (sign) => String.fromCharCode(HIDDEN_FROM + sign.charCodeAt(0)));
}

/** "shop.example" of `https://www.shop.example/a?b=1`; nobody wants to hear the rest. */
function hostOf(address: string): string {
  if (address.startsWith("mailto:")) return address.slice("mailto:".length);
  return URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, "") : address;
}
