/** What the tests' page has, as the global `markdown`: the renderer, and what looks through a drawing. */
export * from "../widget/markdown/entry.ts";
export { ALLOWED, inspectDrawing } from "../widget/markdown/inspect-drawing.ts";
