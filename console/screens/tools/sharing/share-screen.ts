import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { McpServerCard } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { showPage } from "../../../parts/states.ts";
import { serverPath } from "../servers/server-path.ts";
import { serverHead } from "../servers/server-head.ts";
import "./shared-account.ts";
import "./shares.ts";
import { toolsWords } from "../tools-words.ts";

/** Who may use a server, and with which account. */
@customElement("desk-mcp-share")
export class DeskMcpShare extends PageElement {
  @property() key = "";
  readonly #server = new Resource<McpServerCard>(this, {
    load: async (signal) => (await api.get<McpServerCard>(`/mcp-servers/${this.key}`, { signal })).body,
  });

  override render() {
    return html`<nav class="crumbs">
        <a href=${router.href("/tools/mcp-servers")}>${toolsWords.servers}</a> ›
        <a href=${router.href(serverPath(this.key))}>${this.#server.value?.name ?? this.key}</a>
      </nav>
      ${showPage(
        this.#server,
        (server) =>
          html`${serverHead(server, "share")}
            <div class="measure">
              ${
                server.mayManage && server.source === "api"
                  ? html`<section class="group">
                      <h2>${toolsWords.share}</h2>
                      <desk-shares general .path=${`/mcp-servers/${this.key}/shares`}></desk-shares>
                    </section>`
                  : nothing
              }
              ${server.auth.kind === "oauth" && may("connections.read") ? html`<desk-shared-account server=${this.key} name=${server.name} @connected=${() => void this.#server.reload()}></desk-shared-account>` : nothing}
            </div>`,
      )}`;
  }
}
