import { markdownStyles } from "./markdown.styles.ts";

export { copyText } from "./copy-text.ts";
export { MarkdownView } from "./markdown-view.ts";
export { spokenText } from "./spoken-text.ts";

/** This module draws answers and brings their styles; a thread without a message never loads it. */
export const styles = [markdownStyles];
