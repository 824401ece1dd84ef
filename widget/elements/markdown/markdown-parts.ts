/** What reads and draws answers: a thread without a message never loads it. */
export { MarkdownView } from "./markdown-view.ts";
