import { headingOf, isContainer, isList, makeBlock, type Block } from "./block.ts";
import { FENCE, HEADING, LIST_MARK, mayInterrupt, RULE, UNDECIDED, UNDERLINE, withoutClosingMarks } from "./block-marks.ts";
import { rememberBlocks } from "./remember-blocks.ts";
import { Line } from "./line.ts";
import { readDefinitions, type References } from "./references.ts";
import { addRow, columnAligns, DELIMITERS } from "./table-row.ts";

/** Deeper quotes and items are text. */
const DEEPEST = 18;
const CODE_INDENT = 4;

/**
 * Reads the blocks of a text as it is written: CommonMark 0.31.2, chapters 4 and 5, without HTML blocks, and the tables
 * of GitHub Flavored Markdown 0.29. A line that is not whole yet is read as if it were, and taken back when more of it
 * comes.
 */
export class BlockParser {
  readonly root: Block = makeBlock("root");
  readonly #references: References;
  #open: Block[] = [this.root];
  /** How many of the open blocks go on in this line, and those that it began. */
  #depth = 1;
  #number = 0;
  #partial = "";
  /** The last piece ended with a carriage return. */
  #isHalfEnd = false;
  /** The line that is read is not whole. */
  #isPartial = false;
  #before: (() => void) | undefined;

  constructor(references: References) {
    this.#references = references;
  }

  /** Takes the next piece of the text, cut anywhere but inside a character. */
  write(text: string): void {
    this.#takeBack();
    // The second half of a line end that was cut in two.
    const piece = this.#isHalfEnd && text.startsWith("\n") ? text.slice(1) : text;
    this.#isHalfEnd = text.endsWith("\r");
    const lines = (this.#partial + piece).replaceAll("\0", "\ufffd").split(/\r\n?|\n/);
    this.#partial = lines.pop() ?? "";
    for (const line of lines) this.#read(line);
    const [open, number, restore] = [[...this.#open], this.#number, rememberBlocks(this.#open)];
    this.#before = () => {
      this.#open = open;
      this.#number = number;
      restore();
    };
    this.#isPartial = true;
    if (!this.#read(this.#partial)) this.#takeBack();
    this.#isPartial = false;
  }

  /** Takes the last line as whole, and closes everything. */
  end(): void {
    this.#takeBack();
    if (this.#partial) this.#read(this.#partial);
    this.#close(0);
  }

  #takeBack(): void {
    this.#before?.();
    this.#before = undefined;
  }

  /** Reads a line; false if it is partial and may still become anything. */
  #read(text: string): boolean {
    const line = new Line(text);
    this.#number += 1;
    this.#depth = 1;
    let quoteDepth = 0;
    for (; this.#depth < this.#open.length; this.#depth += 1) {
      const block = this.#open[this.#depth] as Block;
      if (!this.#goesOn(block, line)) break;
      if (block.kind === "blockquote") quoteDepth = this.#depth + 1;
    }
    const code = this.#open[this.#depth - 1] as Block;
    if (code.kind === "pre") return this.#readCode(code, line);
    const began = this.#begin(line);
    if (began === undefined) return false;
    if (!began) this.#readText(line);
    // A blank line belongs to the quotes whose marks it has, and to nothing else but what it begins.
    const belongs = line.blank && !began && (this.#open.at(-1) as Block).end < this.#number ? quoteDepth : this.#open.length;
    for (const block of this.#open.slice(0, belongs)) block.end = this.#number;
    return true;
  }

  /** Whether a block goes on in this line. Takes away what the line has for it. */
  #goesOn(block: Block, line: Line): boolean {
    switch (block.kind) {
      case "blockquote":
        if (line.indent >= CODE_INDENT || !/^[ \t]*>/.test(line.rest)) return false;
        line.takeQuoteMark();
        return true;
      case "li":
        if (line.blank ? block.children.length === 0 : line.indent < block.size) return false;
        line.skip(block.size);
        return true;
      case "pre":
        if (block.mark === "") {
          if (!line.blank && line.indent < CODE_INDENT) return false;
          line.skip(CODE_INDENT);
        }
        return true;
      case "p":
      case "table":
        return !line.blank;
      default:
        return true;
    }
  }

  #readCode(code: Block, line: Line): boolean {
    const isFenced = code.mark !== "";
    const [, fence] = (isFenced && /^[ \t]*(`+|~+)[ \t]*$/.exec(line.rest)) || [];
    const mayClose = fence?.startsWith(code.mark) === true;
    if (this.#isPartial && (mayClose || line.blank)) return false;
    if (isFenced || !line.blank) for (const block of this.#open) block.end = this.#number;
    if (mayClose && fence.length >= code.size && line.indent < CODE_INDENT) this.#close(this.#depth - 1);
    else {
      line.skip(code.start);
      code.text += `${line.rest}\n`;
    }
    return true;
  }

  /**
   * Begins the blocks whose marks the line has. True if the line is used up, undefined if it is partial and undecided.
   */
  #begin(line: Line): boolean | undefined {
    for (;;) {
      const tip = this.#open.at(-1) as Block;
      const container = this.#open[this.#depth - 1] as Block;
      if (line.indent >= CODE_INDENT) {
        if (this.#isPartial && line.blank) return undefined;
        if (tip.kind === "p" || line.blank || (tip.kind === "table" && tip === container)) return false;
        line.skip(CODE_INDENT);
        this.#add(makeBlock("pre")).text = `${line.rest}\n`;
        return true;
      }
      const rest = line.bare;
      if (this.#isPartial && UNDECIDED.test(rest)) return undefined;
      const isDeep = this.#open.length > DEEPEST;
      if (rest.startsWith(">") && !isDeep) {
        line.takeQuoteMark();
        this.#add(makeBlock("blockquote"));
        continue;
      }
      if (this.#beginLeaf(rest, line, container)) return true;
      const mark = LIST_MARK.exec(rest);
      if (mark === null || isDeep || (container.kind === "p" && !mayInterrupt(mark, rest))) return false;
      this.#addItem(mark, line);
    }
  }

  #beginLeaf(rest: string, line: Line, container: Block): boolean {
    const heading = HEADING.exec(rest);
    if (heading) {
      const text = withoutClosingMarks(rest.slice(heading[0].length).trim());
      return this.#addClosed(makeBlock(headingOf(heading[1]?.length ?? 1), { text }));
    }
    const fence = FENCE.exec(rest);
    if (fence) {
      const mark = fence[1] ?? fence[3] ?? "";
      const info = (fence[2] ?? fence[4] ?? "").trim();
      this.#add(makeBlock("pre", { mark: mark.charAt(0), size: mark.length, start: line.indent, info }));
      return true;
    }
    if (container.kind === "p" && this.#underline(container, rest)) return true;
    if (RULE.test(rest)) return this.#addClosed(makeBlock("hr"));
    return container.kind === "p" && DELIMITERS.test(rest) && !LIST_MARK.test(rest) && this.#beginTable(container, rest);
  }

  /** A line of `=` or `-` under a paragraph makes it a heading. */
  #underline(paragraph: Block, rest: string): boolean {
    if (!UNDERLINE.test(rest)) return false;
    this.#define(paragraph);
    if (!paragraph.text) return false;
    paragraph.kind = headingOf(rest.startsWith("=") ? 1 : 2);
    paragraph.end = this.#number;
    this.#close(this.#depth - 1);
    return true;
  }

  /** A delimiter row under the last line of a paragraph makes that line the head of a table. */
  #beginTable(paragraph: Block, rest: string): boolean {
    const head = paragraph.text && paragraph.last;
    const aligns = columnAligns(head, rest);
    if (aligns === undefined) return false;
    const lastLine = paragraph.text.length - head.length;
    if (lastLine === 0) {
      this.#open.pop();
      this.#open.at(-1)?.children.pop();
    } else {
      paragraph.text = paragraph.text.slice(0, lastLine - 1);
      paragraph.end = this.#number - 2;
    }
    this.#depth -= 1;
    const table = this.#add(makeBlock("table", { aligns }));
    addRow(table, head, true, "th");
    return true;
  }

  #readText(line: Line): void {
    const tip = this.#open.at(-1) as Block;
    const text = line.bare;
    // A paragraph goes on without the marks of what it stands in.
    if (tip.kind === "p" && !line.blank) this.#depth = this.#open.length;
    this.#close(this.#depth);
    if (line.blank) return;
    const container = this.#open.at(-1) as Block;
    if (container.kind === "p") this.#addLine(container, text);
    else if (container.kind === "table") addRow(container, text, !this.#isPartial);
    else this.#addParagraph(text);
  }

  #addLine(paragraph: Block, text: string): void {
    // Definitions are read when the next one begins: their lines would be read again with each that follows.
    if (paragraph.mark && text.startsWith("[") && !this.#isPartial) {
      if (readDefinitions(paragraph.text) < paragraph.text.length) paragraph.mark = "";
      else this.#define(paragraph);
    }
    paragraph.text += (paragraph.text && "\n") + text;
    paragraph.last = text;
  }

  /** An item's first paragraph may begin with a box: GFM 5.3. */
  #addParagraph(text: string): void {
    const paragraph = this.#add(makeBlock("p", { text, last: text, mark: text.startsWith("[") ? "[" : "" }));
    const item = this.#open.at(-2) as Block;
    const [box, tick] = (item.kind === "li" && item.children.length === 1 && /^\[([ xX])\](?=\s+\S)/.exec(text)) || [];
    if (box === undefined) return;
    item.mark = tick === " " ? "\u2610\ufe0e" : "\u2611\ufe0e";
    paragraph.text = paragraph.last = item.mark + text.slice(box.length);
  }

  #addItem(mark: RegExpExecArray, line: Line): void {
    const [whole, bullet, number = "", delimiter = ""] = mark;
    let size = line.indent + whole.length;
    line.skip(CODE_INDENT);
    line.take(whole.length);
    const { indent, blank } = line;
    const blanks = blank || indent > CODE_INDENT ? 1 : indent;
    line.skip(blanks);
    size += blanks;
    const kind = bullet ?? delimiter;
    this.#close(this.#depth);
    while (!isContainer(this.#open.at(-1) as Block)) this.#close(this.#open.length - 1);
    const list = this.#open.at(-1) as Block;
    if (!isList(list) || list.mark !== kind) this.#add(makeBlock(bullet ? "ul" : "ol", { mark: kind, start: Number(number) }));
    this.#add(makeBlock("li", { size }));
  }

  /** Adds a block to the innermost one that goes on and may hold it, and closes what does not. */
  #add(block: Block): Block {
    this.#close(this.#depth);
    let parent = this.#open.at(-1) as Block;
    while (!isContainer(parent) || (isList(parent) && block.kind !== "li")) {
      this.#close(this.#open.length - 1);
      parent = this.#open.at(-1) as Block;
    }
    const previous = parent.children.at(-1);
    if (previous && previous.end < this.#number - 1) {
      if (isList(parent)) parent.loose = true;
      else if (parent.kind === "li") (this.#open.at(-2) as Block).loose = true;
    }
    parent.children.push(block);
    this.#open.push(block);
    this.#depth = this.#open.length;
    block.end = this.#number;
    return block;
  }

  #addClosed(block: Block): true {
    this.#add(block);
    for (const open of this.#open) open.end = this.#number;
    this.#close(this.#open.length - 1);
    return true;
  }

  /** Closes all open blocks from this depth on. */
  #close(depth: number): void {
    while (this.#open.length > depth) {
      const block = this.#open.pop() as Block;
      if (this.#isPartial) continue;
      block.final = true;
      if (block.kind !== "p") continue;
      this.#define(block);
      if (block.text === "") this.#open.at(-1)?.children.pop();
    }
    this.#depth = Math.min(this.#depth, this.#open.length);
  }

  /** Takes the definitions from the beginning of a paragraph. */
  #define(paragraph: Block): void {
    const from = readDefinitions(paragraph.text, this.#isPartial ? undefined : this.#references);
    paragraph.text = paragraph.text.slice(from).trimEnd();
  }
}
