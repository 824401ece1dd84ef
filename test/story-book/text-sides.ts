/** An answer of every kind of block; each word stands for one in the language. */
export function answerOf(word: string, otherWord: string): string {
  const long = `${word} ${word} ${word}`;
  return [
    `## ${word}`,
    `${word}! **${word}** ${otherWord}.`,
    `- ${word}\n- ${word}\n  - ${word}`,
    `1. ${word}\n\n2. ${word}`,
    `> ${word}`,
    `| ${word} | ${word} | ${word} | ${word} |\n|---|:--|:-:|--:|\n| ${long} | ${long} | ${long} | ${long} |\n| ${word} | ${word} | ${word} | ${word} |`,
  ].join("\n\n");
}

/** At which side of its place each text stands: one line for each block of the first turn, in order. */
export function textSides(): readonly string[] {
  const thread = document.querySelector("front-desk")!.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!;
  const texts = thread.querySelectorAll(".bubble, .fd-markdown :is(h4, p, th, td)");
  return Array.from(texts, (element) => `${element.localName} ${sideOf(element)}`);
}

function sideOf(element: Element): string {
  const range = document.createRange();
  range.selectNodeContents(element);
  // Its last line: a bubble is as wide as its first.
  const text = Array.from(range.getClientRects()).at(-1)!;
  const box = element.getBoundingClientRect();
  const [left, right] = [text.left - box.left, box.right - text.right];
  if (Math.abs(left - right) < 2) return box.width - text.width < 40 ? "full" : "center";
  return left < right ? "left" : "right";
}
