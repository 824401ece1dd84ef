import { html, type TemplateResult } from "lit";
import type { Words } from "../words/words.ts";

type Theme = "system" | "light" | "dark";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** What opens behind the header's menu button. */
export function deskMenu(words: Words, theme: Theme, choose: (theme: Theme) => void): TemplateResult {
  return html`<fieldset class="menu" id="menu" part="menu">
    <legend>${words.theme}</legend>
    ${THEMES.map(
      (name) =>
        html`<label
          ><input type="radio" name="theme" .checked=${name === theme} @change=${() => choose(name)} />${words.themes[name]}</label
        >`,
    )}
  </fieldset>`;
}
