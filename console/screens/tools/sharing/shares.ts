import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { ListGranteesAnswer, Shares } from "../../../api/types.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { icon } from "../../../parts/icon.ts";
import { show } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { shareWords } from "./share-words.ts";

type Share = Shares["shares"][number];
type Level = Share["level"];
type Access = Shares["generalAccess"];
type Grantee = ListGranteesAnswer["items"][number];

const PAUSE_MS = 200;
const LEVELS: readonly Level[] = ["use", "manage"];
const ACCESSES: readonly Access[] = ["restricted", "everyone"];

/** Who may use or manage something: each change holds at once, and can be undone. */
@customElement("desk-shares")
export class DeskShares extends PageElement {
  /** Such as `/mcp-servers/orders/shares`. */
  @property() path = "";
  /** Whether it can be open to all. */
  @property({ type: Boolean, attribute: "general" }) hasGeneral = false;
  @state() private found: readonly Grantee[] | undefined;
  #version: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #shares = new Resource<Shares>(this, {
    load: async (signal) => {
      const { body, version } = await api.get<Shares>(this.path, { signal });
      this.#version = version;
      return body;
    },
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

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
    const has = new Set(shares.map(({ grantee }) => grantee.id));
    const found = this.found?.filter(({ id }) => !has.has(id));
    const add = (grantee: Grantee): void => {
      const { kind, id, name } = grantee;
      void this.#put({ shares: [...shares, { grantee: { kind, id }, level: "use" }] }, shareWords.added(name));
      this.#clearSearch();
    };
    return html`<div class="field">
        <label class="label" for="find-grantee">${shareWords.find}</label>
        <input
          id="find-grantee"
          type="search"
          autocomplete="off"
          aria-describedby="find-hint"
          @input=${(event: Event) => this.#search((event.currentTarget as HTMLInputElement).value)}
        />
        <div id="find-hint" class="hint">${shareWords.findHint}</div>
      </div>
      <div aria-live="polite">
        ${
          found === undefined
            ? nothing
            : found.length === 0
              ? html`<p class="muted">${shareWords.noneFound}</p>`
              : html`<ul class="plain-list">
                  ${found.map(
                    (one) =>
                      html`<li>
                        <span
                          >${icon(one.kind === "group" ? "people" : "person")} ${one.name}
                          <span class="muted">${shareWords[one.kind]}</span></span
                        >
                        <button type="button" aria-label=${shareWords.add(one.name)} @click=${() => add(one)}>
                          ${icon("plus")}${shareWords.add("")}
                        </button>
                      </li>`,
                  )}
                </ul>`
        }
      </div>`;
  }

  #search(text: string): void {
    clearTimeout(this.#timer);
    const q = text.trim();
    if (q === "") {
      this.found = undefined;
      return;
    }
    this.#timer = setTimeout(() => void this.#find(q), PAUSE_MS);
  }

  async #find(q: string): Promise<void> {
    try {
      this.found = (await api.get<ListGranteesAnswer>("/grantees", { query: { q } })).body.items;
    } catch (error) {
      toastFault(error);
    }
  }

  #clearSearch(): void {
    this.found = undefined;
    const input = this.querySelector<HTMLInputElement>("#find-grantee");
    if (input === null) return;
    input.value = "";
    input.focus();
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

/** In one sentence. */
function now({ generalAccess, shares }: Shares): TemplateResult {
  const names = shares.flatMap(({ grantee }) => (grantee.name === undefined ? [] : [grantee.name]));
  return html`<h3>${shareWords.now}</h3>
    <p>${generalAccess === "everyone" ? shareWords.nowEveryone : formatList([shareWords.nowAdmins, ...names])}</p>`;
}
