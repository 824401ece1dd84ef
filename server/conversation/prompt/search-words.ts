const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Most texts of most tools, which are read several times as fast. */
const ASCII = /^[\t-\r\x20-\x7e]*$/;
const ASCII_WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
const WORDS = /[\p{L}\p{M}]+|\p{N}+/gu;

/** `getOrderStatus`, `get_order_status` → get, order, status. */
export function searchWords(text: string): string[] {
  if (ASCII.test(text)) return (text.match(ASCII_WORDS) ?? []).map((word) => word.toLowerCase());
  const spread = text
    .normalize("NFKC")
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return (spread.match(WORDS) ?? []).flatMap((word) => (WITHOUT_SPACES.test(word) ? pairs(word) : [plain(word)]));
}

/** Latin, Greek and Cyrillic accents are left out; in other scripts marks are letters. */
function plain(word: string): string {
  const lower = word.toLowerCase();
  return /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(lower)
    ? lower.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss")
    : lower;
}

function pairs(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length < 2) return [word];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
