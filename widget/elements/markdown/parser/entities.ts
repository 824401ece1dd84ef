import { html, render } from "lit";

const ESCAPE_OR_ENTITY = /\\([!-/:-@[-`{-~])|&#?[a-z\d]{1,31};/gi;
const known = new Map<string, string>();

/** Entities begin and end so; which of them are some, the browser knows. */
export const ENTITY = /&(?:#x[\da-f]{1,6}|#\d{1,7}|[a-z][a-z\d]{1,31});/iy;

/** The character that an entity names, itself if it names none. `entity` is all of it, as in "&amp;" or "&#39;". */
export function entityText(entity: string): string {
  const before = known.get(entity);
  if (before !== undefined) return before;
  // Lit's policy is the one way to ask the browser on a page with Trusted Types. Only letters and digits come here.
  const strings = Object.assign([entity], { raw: [entity] });
  const fragment = document.createDocumentFragment();
  render(html(strings), fragment);
  known.set(entity, fragment.textContent);
  return fragment.textContent;
}

/** Text without its backslashes before punctuation, and with the characters that its entities name. */
export function plainText(source: string): string {
  return source.replace(ESCAPE_OR_ENTITY, (entity, escaped: string | undefined) => escaped ?? entityText(entity));
}
