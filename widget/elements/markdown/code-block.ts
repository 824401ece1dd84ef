import { copyText } from "./copy-text.ts";
import { element } from "./element.ts";
import type { MarkdownWords } from "./markdown-words.ts";

const COPIED_SHOWN_MS = 2000;
const LANGUAGE_LENGTH = 24;

/**
 * Builds an empty code block with a bar above it: the language and a button that copies what the block holds when
 * pressed. `info` is what the text says about the code: first its language.
 */
export function codeBlock(info: string, words: MarkdownWords): readonly [whole: HTMLElement, code: HTMLElement] {
  const [language = ""] = info.split(/\s/);
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
  const label = element("span");
  label.textContent = language.slice(0, LANGUAGE_LENGTH);
  // For programs that take the code over.
  if (language) code.className = `language-${language}`;
  bar.append(label, button);
  lines.append(code);
  whole.append(bar, lines);
  return [whole, code];
}
