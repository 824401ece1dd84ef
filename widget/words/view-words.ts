import { englishView } from "./english/view.ts";
import { LateWords } from "./late-words.ts";
import type { ViewWords } from "./types/view-words.ts";

export const viewWords = new LateWords<ViewWords>(englishView, (late) => late.view());
