/** What draws answers: a thread without a message never loads it. */
export { copyText } from "./copy-text.ts";
export { MarkdownView } from "./markdown-view.ts";
