import { element } from "./element.ts";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The browser looks at each part with each frame: small enough to skip what is out of view, few enough to be cheap. */
const PART_BLOCKS = 12;

/** The blocks of a text, in parts of a few, each block with a direction of its own. */
export interface Blocks {
  add(block: HTMLElement): void;
  /**
   * Gives the newest block the direction of its first letter, whatever the page's is. `dir="auto"` means the same, but
   * looks through the block again with every node it gets.
   */
  direct(text: string): void;
  /** Nothing is added any more. */
  finish(): void;
}

export function createBlocks(root: HTMLElement): Blocks {
  let undirected: HTMLElement | undefined;
  let part: HTMLElement | undefined;

  // From here on nothing touches the part, so that the browser may skip it while it is out of view.
  function finish(): void {
    part?.classList.add("fd-done");
  }

  return {
    add(block) {
      undirected = block;
      if (!part || part.childElementCount >= PART_BLOCKS) {
        finish();
        part = element("div", "fd-part");
        root.append(part);
      }
      part.append(block);
    },
    direct(text) {
      const letter = undirected && /\p{L}/u.exec(text)?.[0];
      if (!undirected || !letter) return;
      undirected.dir ||= RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
      undirected = undefined;
    },
    finish,
  };
}
