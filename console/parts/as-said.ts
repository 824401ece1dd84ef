import { html, nothing, type TemplateResult } from "lit";
import { LANGUAGE } from "../foundation/words.ts";

/** What was said by the server, the network or a program, as it was: mostly English. More sentences may follow it. */
export function asSaid(text: string | undefined): TemplateResult | typeof nothing {
  if (text === undefined || text === "") return nothing;
  const sentence = /[.!?…:]["”’)\]]*$/.test(text.trimEnd()) ? text : `${text.trimEnd()}.`;
  return LANGUAGE === "en" ? html`${sentence}` : html`<span class="muted as-said">Wortlaut: <q lang="en">${text}</q></span>`;
}
