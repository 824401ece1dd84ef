import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Grant } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import "../../parts/more.ts";
import { show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { programsWords } from "./programs-words.ts";

/** The programs that one signed in to published servers, to be signed out one by one. */
@customElement("desk-own-programs")
export class DeskOwnPrograms extends PageElement {
  readonly #grants = new PagedList<Grant>(this, { from: () => ({ path: "/me/grants" }) });

  override render() {
    return html`<section class="group" aria-labelledby="programs-title">
      <h2 id="programs-title" tabindex="-1">${programsWords.title}</h2>
      ${show(this.#grants, ({ items, next }) =>
        items.length === 0
          ? html`<p class="muted">${programsWords.none}</p>`
          : html`<p class="muted">${programsWords.lead}</p>
              <ul class="plain-list">
                ${items.map(
                  (grant) =>
                    html`<li>
                      <span>${nameOf(grant)}<br /><span class="muted">${factsOf(grant)}</span></span>
                      <button class="quiet" aria-label="${programsWords.signOut}: ${nameOf(grant)}" @click=${() => void this.#end(grant)}>
                        ${programsWords.signOut}
                      </button>
                    </li>`,
                )}
              </ul>
              ${next === undefined ? nothing : html`<desk-more .shown=${items.length} @more=${() => void this.#grants.more()}></desk-more>`}`,
      )}
    </section>`;
  }

  async #end({ id, program }: Grant): Promise<void> {
    try {
      await api.delete(`/me/grants/${id}`);
      await this.#grants.reload();
      // The button is gone.
      this.querySelector("h2")?.focus();
      toast(programsWords.signedOut(program.name));
    } catch (error) {
      toastFault(error);
    }
  }
}

function nameOf({ program, server, serverName = server }: Grant): string {
  return programsWords.at(program.name, serverName);
}

function factsOf({ program: { host }, seenAt }: Grant) {
  const by = host === undefined ? programsWords.unverified : programsWords.verified(host);
  return html`${by} · ${seenAt === undefined ? programsWords.never : html`${programsWords.seen} ${ago(seenAt)}`}`;
}
