import type * as Book from "./book.ts";

declare const book: typeof Book;

/** What was written, on which page, and at which side it has to stand. */
export const SIDES = [
  { written: "Hebrew", words: ["שלום", "Lamp"], side: "right", other: "left" },
  { written: "Arabic", words: ["مرحبا", "Lamp"], side: "right", other: "left" },
  { written: "English", words: ["Hello", "שלום"], side: "left", other: "right" },
].flatMap((text) => (["ltr", "rtl"] as const).map((page) => ({ ...text, page })));

/** The sides of the blocks of `answerOf`: each stands where its own language begins, the cells where they are told to. */
export function sidesOf({ side }: (typeof SIDES)[number]): readonly string[] {
  const row = (cell: string, first: string): readonly string[] => [first, "left", "center", "right"].map((place) => `${cell} ${place}`);
  return [`p ${side}`, `h4 ${side}`, ...Array.from({ length: 7 }, () => `p ${side}`), ...row("th", side), ...row("td", side)];
}

/** Shows the answer; runs inside the page. Rows of long cells are left out: they fill their place. */
export async function shownSides(words: readonly string[], page: string): Promise<readonly string[]> {
  const [word = "", otherWord = ""] = words;
  await book.show("answered");
  document.documentElement.dir = page;
  const { threadOf, turnOf, textOf } = book.pieces;
  const question = `${word} ${word} ${word}\n${word}`;
  book.stageOf(document.querySelector("front-desk")!).state = threadOf({
    turns: [turnOf(question, [textOf(book.answerOf(word, otherWord))])],
  });
  await book.settled();
  return book.textSides().filter((line) => !line.endsWith("full"));
}
