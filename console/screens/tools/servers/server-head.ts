import { html, nothing, type TemplateResult } from "lit";
import type { McpServerCard } from "../../../api/types.ts";
import { router } from "../../../foundation/router.ts";
import { icon } from "../../../parts/icon.ts";
import { declaredAt } from "./server-card.ts";
import { serverIcon } from "./server-icon.ts";
import { serverPath } from "./server-path.ts";
import { statusLine } from "./server-status.ts";
import { toolsWords } from "../tools-words.ts";

/** The head of each page of a server: what it is, how it is, and the ways to the others. */
export function serverHead(server: McpServerCard, current: "settings" | "tools" | "share"): TemplateResult {
  const { key, name, declared, mayManage } = server;
  const to = (path: string) => () => void router.go(serverPath(key, path));
  return html`<header class="page-head server-head">
      <h1>${serverIcon(server)} ${name}</h1>
      <div class="actions">
        ${current === "settings" ? nothing : html`<button type="button" @click=${to("")}>${toolsWords.settings}</button>`}
        ${current === "tools" ? nothing : html`<button type="button" @click=${to("/tools")}>${icon("tool")}${toolsWords.manageTools}</button>`}
        ${current === "share" || !mayManage || declared !== undefined ? nothing : html`<button type="button" @click=${to("/share")}>${icon("share")}${toolsWords.share}</button>`}
      </div>
      <p>${statusLine(server)}</p>
    </header>
    ${declared === undefined ? nothing : html`<p class="note">${icon("file")}<span>${declaredAt(declared)}</span></p>`}`;
}
