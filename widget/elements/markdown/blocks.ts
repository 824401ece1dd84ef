import { element } from "./element.ts";

/** The browser looks at each part with each frame: small enough to skip what is out of view, few enough to be cheap. */
const PART_BLOCKS = 12;

/** The blocks of a text, in parts of a few. */
export interface Blocks {
  readonly add: (block: HTMLElement) => void;
  /** Nothing is added any more. */
  finish(): void;
}

export function createBlocks(root: HTMLElement): Blocks {
  let part: HTMLElement | undefined;

  // From here on nothing is added to the part, so that the browser may skip it while it is out of view.
  function finish(): void {
    part?.classList.add("fd-done");
  }

  return {
    add(block) {
      if (!part || part.childElementCount >= PART_BLOCKS) {
        finish();
        part = element("div", "fd-part");
        root.append(part);
      }
      part.append(block);
    },
    finish,
  };
}
