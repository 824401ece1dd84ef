/** What a block of the text is. A table's rows and cells are blocks too. */
export type BlockKind = "root" | "quote" | "list" | "item" | "paragraph" | "heading" | "code" | "rule" | "table" | "row" | "cell";

/** A column's alignment; "" where the delimiter row leaves it open. */
export type Align = "left" | "center" | "right" | "";

/** A block of the text as far as it is read. */
export interface Block {
  kind: BlockKind;
  children: Block[];
  /** The source of a paragraph, a heading or a cell; the lines of a code block. */
  text: string;
  /** Its end is read: nothing changes it any more, but a list that turns loose. */
  final: boolean;
  /** The last line that belongs to it, counted from 1. */
  end: number;
  /** A heading's level; the column where the content of an item begins; the length of a code block's fence; 1 for a cell of a table's head. */
  size: number;
  /** The mark of a list or of a fence; the box of a task, in the item and in its paragraph. */
  mark: string;
  /** What a fence says about its code. */
  info: string;
  /** A list's first number; the columns before a fence. */
  start: number;
  /** A list whose items stand apart. */
  loose: boolean;
  /** The columns of a table, or of the cell. */
  aligns: readonly Align[];
}

/** Makes a block that is open. */
export function makeBlock(kind: BlockKind, more: Partial<Block> = {}): Block {
  return { kind, children: [], text: "", final: false, end: 0, size: 0, mark: "", info: "", start: 0, loose: false, aligns: [], ...more };
}

/** Whether other blocks stand in it. */
export function isContainer({ kind }: Block): boolean {
  return "root quote list item".includes(kind);
}
