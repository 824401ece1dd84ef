import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { McpServerCard } from "../../../api/types.ts";
import { router } from "../../../foundation/router.ts";
import { icon } from "../../../parts/icon.ts";
import { serverIcon } from "./server-icon.ts";
import { serverPath } from "./server-path.ts";
import { statusLine } from "./server-status.ts";
import { toolsWords } from "../tools-words.ts";

/** A heading that came after its page: whoever went there by keyboard begins at it, unless they have gone on. */
export function landing(heading: Element | undefined): void {
  queueMicrotask(() => {
    if (heading instanceof HTMLElement && document.activeElement === document.body) heading.focus({ preventScroll: true });
  });
}

/** The head of each page of a server: what it is, how it is, and the ways to the others. */
export function serverHead(server: McpServerCard, current: "settings" | "tools" | "share"): TemplateResult {
  const { key, name, declared, mayManage } = server;
  const to = (path: string) => () => void router.go(serverPath(key, path));
  return html`<header class="page-head server-head">
      <h1 tabindex="-1" ${ref(landing)}>${serverIcon(server)} ${name}</h1>
      <div class="actions">
        ${current === "settings" ? nothing : html`<button type="button" @click=${to("")}>${toolsWords.settings}</button>`}
        ${current === "tools" ? nothing : html`<button type="button" @click=${to("/tools")}>${icon("tool")}${toolsWords.manageTools}</button>`}
        ${current === "share" || !mayManage || declared !== undefined ? nothing : html`<button type="button" @click=${to("/share")}>${icon("share")}${toolsWords.share}</button>`}
      </div>
      <p>${statusLine(server)}</p>
    </header>
    ${declared === undefined ? nothing : html`<p class="note">${icon("file")}<span>${toolsWords.declared(declared.file, declared.path)}</span></p>`}`;
}
