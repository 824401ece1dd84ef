/** Cuts a text into pieces of 1 to `longest` UTF-16 units, also through characters, as a network may. */
export function splitText(text: string, random: () => number, longest = 12): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const next = at + 1 + Math.floor(random() * longest);
    pieces.push(text.slice(at, next));
    at = next;
  }
  return pieces;
}
