const LONGEST = 40;

/** A key for an assistant of this name that none has yet: "Lull desk" is `lull-desk`, the next one `lull-desk-2`. */
export function freeKey(name: string, taken: readonly string[]): string {
  return free(plain(name, "-").replace(/^[-_]+/, "") || "assistant", taken, (number) => `-${number}`);
}

/** The same for a server, whose identifier has letters and underscores only. */
export function freeIdentifier(name: string, taken: readonly string[]): string {
  const letters = plain(name, "_").replaceAll(/\d/g, "").replaceAll(/_+/g, "_").replaceAll(/^_|_$/g, "");
  return free(letters || "server", taken, (number) => `_${String.fromCharCode(95 + number)}`);
}

function plain(name: string, gap: string): string {
  const ascii = name
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return ascii
    .replaceAll(/[^a-z0-9]+/g, gap)
    .slice(0, LONGEST - 4)
    .replaceAll(/^[-_]+|[-_]+$/g, "");
}

function free(wanted: string, taken: readonly string[], end: (number: number) => string): string {
  for (let number = 2, key = wanted; ; number += 1) {
    if (!taken.includes(key)) return key;
    key = `${wanted}${end(number)}`;
  }
}
