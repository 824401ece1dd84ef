import { html, render } from "lit";

const ESCAPE_OR_ENTITY = /\\([!-/:-@[-`{-~])|&(?:#x[\da-f]{1,6}|#\d{1,7}|[a-z][a-z\d]{1,31});/gi;
const NAME = /^&[a-z][a-z\d]{1,31};$/i;

/** The character that an entity names, itself if it names none. `entity` is all of it, as in "&amp;" or "&#39;". */
export function entityText(entity: string): string {
  const [, hex, decimal] = /^&#(?:x([\da-f]+)|(\d+));$/i.exec(entity) ?? [];
  if (hex ?? decimal) {
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? "\ufffd" : String.fromCodePoint(code);
  }
  if (!NAME.test(entity)) return entity;
  // The browser knows the 2,231 names. Lit's policy is the one way to ask it on a page with Trusted Types, and only
  // letters and digits come here.
  const fragment = document.createDocumentFragment();
  const strings = Object.assign([entity], { raw: [entity] });
  render(html(strings), fragment);
  return fragment.textContent;
}

/** Text without its backslashes before punctuation, and with the characters that its entities name. */
export function plainText(source: string): string {
  return source.replace(ESCAPE_OR_ENTITY, (entity, escaped: string | undefined) => escaped ?? entityText(entity));
}
