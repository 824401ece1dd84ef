import { approvalStyles } from "./approval.styles.ts";
import "./approval.ts";
import { mediaStyles } from "./media.styles.ts";
import "./media.ts";
import { sourcesStyles } from "./sources.styles.ts";
import "./sources.ts";

/** How the elements look that show tool calls. This module defines them; a conversation without calls never loads it. */
export const callStyles = [approvalStyles, sourcesStyles, mediaStyles];
