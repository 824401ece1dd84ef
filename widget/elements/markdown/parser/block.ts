/** What a block of the text is, by the element that shows it. Headings begin at h3, below those of the page around. */
export type BlockKind = "root" | "blockquote" | "ul" | "ol" | "li" | "p" | Heading | "pre" | "hr" | "table" | "tr" | "th" | "td";

type Heading = "h3" | "h4" | "h5" | "h6";

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
  /** The column where the content of an item begins; the length of a code block's fence; how many cells a table has. */
  size: number;
  /** The last line of a paragraph. */
  last: string;
  /** The mark of a list or of a fence; the box of a task; of a paragraph that may begin with definitions, its bracket. */
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
  return {
    kind,
    children: [],
    text: "",
    last: "",
    final: false,
    end: 0,
    size: 0,
    mark: "",
    info: "",
    start: 0,
    loose: false,
    aligns: [],
    ...more,
  };
}

/** Whether other blocks stand in it. */
export function isContainer({ kind }: Block): boolean {
  return "root blockquote ul ol li".includes(kind);
}

export function isList({ kind }: Block): boolean {
  return kind.endsWith("l");
}

/** A heading of this level in the text, 1 to 6. */
export function headingOf(level: number): BlockKind {
  return `h${Math.min(level + 2, 6)}` as Heading;
}
