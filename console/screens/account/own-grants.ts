import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Grant } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { words } from "../../foundation/words.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";

const grantWords = words(
  {
    title: "Programs you signed in",
    lead: "They use published servers as you. One that you sign out is cut off at once, and can ask you again.",
    none: "You have not signed in a program to a published server.",
    at: (program: string, server: string) => `${program} at ${server}`,
    standing: (host: string) => `${host} stands for it`,
    unverified: "unverified",
    signedIn: "signed in",
    seen: "last seen",
    end: "Sign out",
    ended: (name: string) => `${name} is signed out.`,
    more: "Show more",
  },
  {
    title: "Programme, die Sie angemeldet haben",
    lead: "Sie nutzen veröffentlichte Server in Ihrem Namen. Eines, das Sie abmelden, ist sofort draußen und kann Sie wieder fragen.",
    none: "Sie haben kein Programm an einem veröffentlichten Server angemeldet.",
    at: (program: string, server: string) => `${program} an ${server}`,
    standing: (host: string) => `${host} steht dafür ein`,
    unverified: "nicht überprüft",
    signedIn: "angemeldet",
    seen: "zuletzt gesehen",
    end: "Abmelden",
    ended: (name: string) => `${name} ist abgemeldet.`,
    more: "Mehr zeigen",
  },
);

/** The programs that one let use published servers, to be signed out one by one. */
@customElement("desk-own-grants")
export class DeskOwnGrants extends PageElement {
  readonly #grants = new PagedList<Grant>(this, { from: () => ({ path: "/me/grants" }) });

  override render() {
    return html`<section class="group" aria-labelledby="own-grants">
      <h2 id="own-grants" tabindex="-1">${grantWords.title}</h2>
      ${show(this.#grants, ({ items, next }) =>
        items.length === 0
          ? html`<p class="muted">${grantWords.none}</p>`
          : html`<p class="muted">${grantWords.lead}</p>
              <ul class="plain-list">
                ${items.map((grant) => this.#row(grant))}
              </ul>
              ${next === undefined ? nothing : html`<p><button @click=${() => void this.#grants.more()}>${grantWords.more}</button></p>`}`,
      )}
    </section>`;
  }

  #row({ id, program: { name, host }, server, serverName = server, createdAt, seenAt }: Grant): TemplateResult {
    const program = hiddenShown(name);
    const said = grantWords.at(program, serverName);
    return html`<li>
      <span
        >${said} <span class="muted">· ${host === undefined ? grantWords.unverified : grantWords.standing(host)}</span><br /><span
          class="muted"
          >${seenAt === undefined ? grantWords.signedIn : grantWords.seen} ${ago(seenAt ?? createdAt)}</span
        ></span
      >
      <button class="quiet" aria-label="${grantWords.end}: ${said}" @click=${() => void this.#end(id, program)}>${grantWords.end}</button>
    </li>`;
  }

  async #end(id: string, name: string): Promise<void> {
    try {
      await api.delete(`/me/grants/${id}`);
      await this.#grants.reload();
      // The button is gone.
      this.querySelector("h2")?.focus();
      toast(grantWords.ended(name));
    } catch (error) {
      toastFault(error);
      void this.#grants.reload();
    }
  }
}
