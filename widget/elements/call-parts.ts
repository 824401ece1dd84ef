export { announcementText } from "./approval-text.ts";
import { approvalStyles } from "./approval.styles.ts";
import "./call.ts";
import { callPartStyles } from "./call.styles.ts";
import { mediaStyles } from "./media.styles.ts";
import { sourcesStyles } from "./sources.styles.ts";
import "./sources.ts";

/** How the elements look that show tool calls. This module defines them; a conversation without calls never loads it. */
export const callStyles = [callPartStyles, approvalStyles, sourcesStyles, mediaStyles];
