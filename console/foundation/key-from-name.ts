const LONGEST = 40;
const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] as const;

/** The key that a name suggests: "Käse & Wein" is `kaese-wein`. Empty: it has no letter that a key may have. */
export function keyFrom(name: string): string {
  return plain(name, "-").replace(/^[-_]+/, "");
}

/** The same for an MCP server, whose identifier has letters and underscores only: "Orders 2" is `orders_two`. */
export function identifierFrom(name: string): string {
  return plain(
    name.replaceAll(/\d/g, (digit) => ` ${DIGITS[Number(digit)]} `),
    "_",
  );
}

/** A key that none of these has yet: `lull`, then `lull-2`. */
export function freeKey(name: string, taken: readonly string[]): string {
  return free(keyFrom(name) || "assistant", taken, (number) => `-${number}`);
}

/** An identifier that none of these has yet: `orders`, then `orders_b`. */
export function freeIdentifier(name: string, taken: readonly string[]): string {
  return free(identifierFrom(name) || "server", taken, (number) => `_${String.fromCharCode(96 + number)}`);
}

function plain(name: string, gap: string): string {
  return name
    .toLowerCase()
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, gap)
    .slice(0, LONGEST)
    .replaceAll(/^[-_]+|[-_]+$/g, "");
}

function free(wanted: string, taken: readonly string[], end: (number: number) => string): string {
  for (let number = 2, key = wanted; ; number += 1) {
    if (!taken.includes(key)) return key;
    key = `${wanted}${end(number)}`;
  }
}
