/** Elements of answers. They are in the panel's file, so that the parser's own stays small and comes sooner. */
export { codeBlock } from "./code-block.ts";
export { drawImage } from "./draw-image.ts";
export { drawLink } from "./draw-link.ts";
export { alignCell, rowPlace, tableRegion } from "./draw-table.ts";
