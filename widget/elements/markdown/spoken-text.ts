/** What a ballot box is called. */
export interface SpokenWords {
  readonly done: string;
  readonly notDone: string;
}

/** What stands in a line. Everything else is a block. */
const INLINE = /^(a|b|code|del|em|i|img|s|span|strong|su[bp])$/;
/** Where a voice pauses by itself. */
const PAUSE = /[.!?…:;,、。！，：；？،؛؟۔]["'’”»)\]]*$/;
/** Some screen readers pass over it. */
const BOX = /^([☐☑])\ufe0e?\s*/;

/**
 * What is drawn, for the ear: blocks apart, items numbered, each cell of a table with its head, images by their
 * description, no buttons.
 *
 * @param pieces drawn elements, and plain sentences among them
 */
export function spokenText(pieces: readonly (Element | string)[], words: SpokenWords): string {
  let said = "";
  let pause = "";
  let block = "";
  /** What the next block begins with, if it has any text. */
  let mark = "";

  const end = (): void => {
    const text = block.replace(/\s+/g, " ").trim();
    block = "";
    if (text === "") return;
    said += said && (PAUSE.test(said) ? " " : pause);
    said += mark + text.replace(BOX, (_, box) => `${box === "☐" ? words.notDone : words.done}: `);
    mark = "";
  };

  const walk = (node: Node): void => {
    if (node instanceof Text) block += node.data;
    if (!(node instanceof HTMLElement) || node.matches("button, .fd-code-bar, thead:not(:only-child)")) return;
    const { localName: name, parentElement: parent } = node;
    const rest = INLINE.test(name) ? "" : /^(br|t[dh])$/.test(name) ? ", " : ". ";
    if (rest) end();
    if (node instanceof HTMLImageElement) block += node.alt;
    if (parent instanceof HTMLOListElement) mark = `${parent.start + [...parent.children].indexOf(node)}. `;
    if (node instanceof HTMLTableCellElement) {
      const head = node.closest("table")?.tHead?.rows[0]?.cells[node.cellIndex]?.textContent.trim();
      mark = name === "td" && head ? `${head}: ` : "";
    }
    node.childNodes.forEach(walk);
    if (!rest) return;
    end();
    pause = rest;
  };

  for (const piece of pieces) {
    if (typeof piece === "string") block = piece;
    else walk(piece);
    end();
    pause = ". ";
  }
  return said;
}
