import type { ProgressFrame, TextFrame } from "../../../protocol/frames.ts";

/** What a turn yields: passing things, for whoever listens. */
export type Passing = { readonly kind: "text"; readonly frame: TextFrame } | { readonly kind: "progress"; readonly frame: ProgressFrame };
