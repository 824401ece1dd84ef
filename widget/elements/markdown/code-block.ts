import { copyText } from "./copy-text.ts";
import { element } from "./element.ts";
import type { MarkdownWords } from "./markdown-words.ts";

const COPIED_SHOWN_MS = 2000;
const LANGUAGE_LENGTH = 24;

/** A code block that is still empty: the whole, and the parts to be filled. */
export interface CodeBlock {
  readonly whole: HTMLElement;
  readonly code: HTMLElement;
}

/** Builds a code block with a bar above it: the language and a button that copies what the block holds when pressed. */
export function codeBlock(words: MarkdownWords): CodeBlock {
  const whole = element("div", "fd-code");
  const bar = element("div", "fd-code-bar");
  const button = element("button");
  const lines = element("pre");
  const code = element("code");
  // Code reads from left to right in every language.
  whole.dir = "ltr";
  button.type = "button";
  button.textContent = words.copy;
  button.onclick = async () => {
    const copied = await copyText(code.textContent, whole);
    button.focus();
    if (!copied) return;
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copy), COPIED_SHOWN_MS);
  };
  // A long line scrolls sideways, which the keyboard must be able to do too.
  lines.tabIndex = 0;
  lines.role = "group";
  lines.ariaLabel = words.code;
  bar.append(element("span"), button);
  lines.append(code);
  whole.append(bar, lines);
  return { whole, code };
}

/** Shows the language that the text names after the opening fence, and tells programs that take the code over. */
export function nameLanguage(code: HTMLElement, written: string): void {
  const [language = ""] = written.trim().split(/\s/);
  if (!language) return;
  code.className = `language-${language}`;
  const label = code.parentElement?.previousElementSibling?.firstElementChild;
  label?.replaceChildren(language.slice(0, LANGUAGE_LENGTH));
}
