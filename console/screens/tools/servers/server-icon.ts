import { html, type TemplateResult } from "lit";

/** The server's picture, or its first letter: pictures of other hosts are not fetched. */
export function serverIcon({ name, icon }: { readonly name: string; readonly icon?: string }): TemplateResult {
  if (icon?.startsWith("data:image/")) return html`<img class="server-icon" src=${icon} alt="" width="32" height="32" />`;
  return html`<span class="server-icon" aria-hidden="true"
    >${String.fromCodePoint(name.trim().codePointAt(0) ?? 63).toLocaleUpperCase()}</span
  >`;
}
