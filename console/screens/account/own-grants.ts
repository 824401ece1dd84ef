import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Grant } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { words } from "../../foundation/words.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { ago } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";

const grantWords = words(
  {
    title: "Programs you signed in",
    lead: "They use published servers as you. One that you sign out is cut off at once, and can ask you again.",
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
    standing: (host: string) => `${host} steht dafür ein`,
    unverified: "nicht überprüft",
    signedIn: "angemeldet",
    seen: "zuletzt gesehen",
    end: "Abmelden",
    ended: (name: string) => `${name} ist abgemeldet.`,
    more: "Mehr zeigen",
  },
);

/** The programs that one let use published servers, to be signed out one by one. Nothing while there are none. */
@customElement("desk-own-grants")
export class DeskOwnGrants extends PageElement {
  readonly #grants = new PagedList<Grant>(this, { from: () => ({ path: "/me/grants" }) });

  override render() {
    const { items = [], next } = this.#grants.value ?? {};
    if (items.length === 0) return nothing;
    return html`<section class="group" aria-labelledby="own-grants">
      <h2 id="own-grants">${grantWords.title}</h2>
      <p class="muted">${grantWords.lead}</p>
      <ul class="plain-list">
        ${items.map((grant) => this.#row(grant))}
      </ul>
      ${next === undefined ? nothing : html`<p><button @click=${() => void this.#grants.more()}>${grantWords.more}</button></p>`}
    </section>`;
  }

  #row({ id, program: { name, host }, createdAt, seenAt }: Grant): TemplateResult {
    const said = hiddenShown(name);
    return html`<li>
      <span
        >${said} <span class="muted">· ${host === undefined ? grantWords.unverified : grantWords.standing(host)}</span><br /><span
          class="muted"
          >${seenAt === undefined ? grantWords.signedIn : grantWords.seen} ${ago(seenAt ?? createdAt)}</span
        ></span
      >
      <button class="quiet" aria-label="${grantWords.end}: ${said}" @click=${() => void this.#end(id, said)}>${grantWords.end}</button>
    </li>`;
  }

  async #end(id: string, name: string): Promise<void> {
    try {
      await api.delete(`/me/grants/${id}`);
      toast(grantWords.ended(name));
    } catch (error) {
      toastFault(error);
    }
    void this.#grants.reload();
  }
}
