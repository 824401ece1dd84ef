import { html, nothing, type TemplateResult } from "lit";
import type { McpServerCard } from "../../../api/types.ts";
import { formatList, formatNumber } from "../../../foundation/format.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { icon } from "../../../parts/icon.ts";
import { badge } from "../../../parts/status.ts";
import { serverPath, waitingPlace } from "./server-path.ts";
import { serverIcon } from "./server-icon.ts";
import { statusLine, statusReason } from "./server-status.ts";
import { toolsWords } from "../tools-words.ts";

/** One server of the list: how it is, what it can do, who has it. */
export function serverCard(server: McpServerCard, given: { readonly isTesting: boolean; readonly test: () => void }): TemplateResult {
  const { key, name, description, declared, mayManage } = server;
  const id = `server-${key}`;
  return html`<article class="card server-card" aria-labelledby=${id}>
    <header class="card-head">
      ${serverIcon(server)}
      <h2 id=${id}><a href=${router.href(serverPath(key))}>${name}</a></h2>
      ${declared === undefined ? nothing : badge(toolsWords.declaredShort)}
    </header>
    <div aria-live="polite">${statusLine(server)}</div>
    ${statusReason(server)} ${description === undefined ? nothing : html`<p class="cut-text" title=${description}>${description}</p>`}
    ${firstTools(server)}
    <p class="muted shared-line">${icon("people", 14)} ${sharedLine(server)}</p>
    ${declared === undefined ? nothing : html`<p class="hint">${declaredAt(declared)}</p>`}
    <footer class="card-foot">
      ${may("servers.test") ? testButton(given) : nothing}
      <button type="button" class="quiet" @click=${() => void router.go(serverPath(key, "/tools"))}>${toolsWords.manageTools}</button>
      ${mayManage && declared === undefined ? html`<button type="button" class="quiet" @click=${() => void router.go(serverPath(key, "/share"))}>${toolsWords.share}</button>` : nothing}
    </footer>
  </article>`;
}

/** Where it is changed instead. The path of the file breaks between its parts alone. */
export function declaredAt({ file, path }: NonNullable<McpServerCard["declared"]>): TemplateResult {
  const said = toolsWords.declared(path);
  if (file === undefined) return html`${said}`;
  const parts = file.split(/(?<=[/\\])/);
  return html`${said} <code class="file-path">${parts.map((part, index) => (index === 0 ? part : html`<wbr />${part}`))}</code>`;
}

/** It turns only while the test runs. */
export function testButton({ isTesting, test }: { readonly isTesting: boolean; readonly test: () => void }): TemplateResult {
  return html`<button
    type="button"
    class="test-button"
    aria-disabled=${isTesting ? "true" : "false"}
    aria-busy=${isTesting ? "true" : "false"}
    @click=${test}
  >
    ${icon("reload")}${isTesting ? toolsWords.testing : toolsWords.test}
  </button>`;
}

export function firstTools(server: McpServerCard): TemplateResult {
  const { firstTools: shown, tools } = server;
  const left = tools.total - shown.length;
  const waiting = tools.changed + tools.new;
  const { path, query } = waitingPlace(server, tools.changed > 0 ? "changed" : "new");
  return html`${
    shown.length === 0
      ? html`<p class="muted">${toolsWords.noTools}</p>`
      : html`<ul class="chips">
          ${shown.map(
            ({ name, title, enabled }) =>
              html`<li class="chip" data-off=${enabled ? nothing : ""} title=${name}>
                ${title}${enabled ? nothing : html` <span class="muted">(${toolsWords.off})</span>`}
              </li>`,
          )}
          ${left > 0 ? html`<li class="muted">${toolsWords.moreTools(formatNumber(left))}</li>` : nothing}
        </ul>`
  }
  ${waiting === 0 ? nothing : html`<p><a href=${router.href(path, query)}>${badge(toolsWords.waiting(waiting), "warning")}</a></p>`}`;
}

function sharedLine({ access, shares }: McpServerCard): string {
  if (access === "everyone") return toolsWords.everyone;
  const parts = [
    ...(shares.people === 0 ? [] : [toolsWords.people(shares.people)]),
    ...(shares.groups === 0 ? [] : [toolsWords.groups(shares.groups)]),
  ];
  return parts.length === 0 ? toolsWords.onlyAdmins : `${toolsWords.sharedWith} ${formatList(parts)}`;
}
