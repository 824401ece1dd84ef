import type { Block } from "./block.ts";

/**
 * Remembers the open blocks, the outermost first, and returns what makes them again what they were. Only open blocks are
 * changed by a line, so that takes the line back.
 */
export function rememberBlocks(blocks: readonly Block[]): () => void {
  const open = blocks.map((block) => ({ block, before: { ...block }, length: block.children.length }));
  return () => {
    for (const [at, { block, before, length }] of open.entries()) {
      Object.assign(block, before);
      block.children.length = length;
      const next = open[at + 1]?.block;
      if (next) block.children[length - 1] = next;
    }
  };
}
