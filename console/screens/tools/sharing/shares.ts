import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { ListGranteesAnswer, Shares } from "../../../api/types.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import type { Found } from "../../../parts/finder.ts";
import "../../../parts/finder.ts";
import { icon } from "../../../parts/icon.ts";
import { show } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { shareWords } from "./share-words.ts";

type Share = Shares["shares"][number];
type Level = Share["level"];
type Access = Shares["generalAccess"];

const LEVELS: readonly Level[] = ["use", "manage"];
const ACCESSES: readonly Access[] = ["restricted", "everyone"];

/** Who may use or manage something: each change holds at once, and can be undone. */
@customElement("desk-shares")
export class DeskShares extends PageElement {
  /** Such as `/mcp-servers/orders/shares`. */
  @property() path = "";
  /** Whether it can be open to all. */
  @property({ type: Boolean, attribute: "general" }) hasGeneral = false;
  #version: string | undefined;
  readonly #shares = new Resource<Shares>(this, {
    load: async (signal) => {
      const { body, version } = await api.get<Shares>(this.path, { signal });
      this.#version = version;
      return body;
    },
  });

  override render() {
    return show(
      this.#shares,
      (shares) =>
        html`${this.hasGeneral ? this.#access(shares) : nothing} ${this.#list(shares)} ${this.#finder(shares)}
        ${this.hasGeneral ? now(shares) : nothing}`,
    );
  }

  #access({ generalAccess, shares }: Shares): TemplateResult {
    return html`<fieldset class="choices">
      <legend>${shareWords.access}</legend>
      ${ACCESSES.map((access) => {
        const [label, hint] = shareWords.accesses[access] as readonly string[];
        return html`<label>
          <input
            type="radio"
            name="general-access"
            .checked=${generalAccess === access}
            @change=${() => void this.#put({ generalAccess: access, shares }, shareWords.accessChanged(label!))}
          />
          <span>${label}</span><span class="hint">${hint}</span>
        </label>`;
      })}
    </fieldset>`;
  }

  #list({ shares }: Shares): TemplateResult {
    return html`<h3>${shareWords.sharedWith}</h3>
      ${shares.length === 0 ? html`<p class="muted">${shareWords.nobody}</p>` : nothing}
      <ul class="plain-list">
        ${repeat(
          shares,
          ({ grantee }) => `${grantee.kind}/${grantee.id}`,
          (share) => this.#row(share, shares),
        )}
      </ul>`;
  }

  #row(share: Share, shares: readonly Share[]): TemplateResult {
    const { grantee, level } = share;
    const name = grantee.name ?? shareWords.gone;
    const others = shares.filter((other) => other !== share);
    const choose = (event: Event): void => {
      const next = (event.currentTarget as HTMLSelectElement).value as Level;
      void this.#put({ shares: shares.map((other) => (other === share ? { ...share, level: next } : other)) }, shareWords.changed(name));
    };
    return html`<li>
      <span>${icon(grantee.kind === "group" ? "people" : "person")} ${name} <span class="muted">${shareWords[grantee.kind]}</span></span>
      <select aria-label=${shareWords.level(name)} @change=${choose}>
        ${LEVELS.map((one) => html`<option value=${one} ?selected=${one === level}>${shareWords.levels[one]}</option>`)}
      </select>
      <button
        type="button"
        class="quiet"
        aria-label=${shareWords.remove(name)}
        @click=${() => void this.#put({ shares: others }, shareWords.removed(name))}
      >
        ${shareWords.removeShort}
      </button>
    </li>`;
  }

  #finder({ shares }: Shares): TemplateResult {
    const add = ({ kind, id, name }: Found): void =>
      void this.#put({ shares: [...shares, { grantee: { kind, id }, level: "use" }] }, shareWords.added(name));
    return html`<desk-finder
      label=${shareWords.find}
      .has=${new Set(shares.map(({ grantee }) => grantee.id))}
      .find=${find}
      @add=${(event: CustomEvent<Found>) => add(event.detail)}
    ></desk-finder>`;
  }

  async #put(wanted: { readonly generalAccess?: Access; readonly shares: Shares["shares"] }, said: string): Promise<void> {
    const before = this.#shares.value;
    const send = async (sent: { readonly generalAccess?: Access; readonly shares: Shares["shares"] }): Promise<void> => {
      const shares = sent.shares.map(({ grantee: { kind, id }, level }) => ({ grantee: { kind, id }, level }));
      const access = sent.generalAccess === undefined ? {} : { generalAccess: sent.generalAccess };
      const { body, version } = await api.put<Shares>(this.path, { ...access, shares }, this.#version);
      this.#version = version;
      this.#shares.set(body);
    };
    try {
      await send(wanted);
      toast(said, before === undefined ? {} : { undo: () => send(this.hasGeneral ? before : { shares: before.shares }) });
    } catch (error) {
      await this.#shares.reload();
      if (error instanceof ApiProblem && error.code === "version-changed") toast(shareWords.changedMeanwhile, { kind: "fault" });
      else toastFault(error);
    }
  }
}

async function find(q: string): Promise<readonly Found[]> {
  const { items } = (await api.get<ListGranteesAnswer>("/grantees", { query: { q } })).body;
  return items.map(({ kind, id, name }) => ({ kind, id, name, detail: shareWords[kind] }));
}

/** In one sentence. */
function now({ generalAccess, shares }: Shares): TemplateResult {
  const names = shares.flatMap(({ grantee }) => (grantee.name === undefined ? [] : [grantee.name]));
  return html`<h3>${shareWords.now}</h3>
    <p>${generalAccess === "everyone" ? shareWords.nowEveryone : formatList([shareWords.nowAdmins, ...names])}</p>`;
}
