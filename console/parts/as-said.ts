import { html, nothing, type TemplateResult } from "lit";
import { LANGUAGE } from "../foundation/words.ts";

/** What was said by the server, the network or a program, as it was: mostly English. */
export function asSaid(text: string | undefined): TemplateResult | typeof nothing {
  if (text === undefined || text === "") return nothing;
  return LANGUAGE === "en" ? html`${text}` : html`<span class="muted as-said" lang="en">${text}</span>`;
}
