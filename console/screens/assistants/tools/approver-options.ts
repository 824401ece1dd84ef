import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api, type Page } from "../../../api/client.ts";
import type { Group } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { may } from "../../../foundation/screen.ts";
import { icon } from "../../../parts/icon.ts";
import { approverWords } from "./approver-words.ts";
import type { Permission } from "./permissions.ts";

type Condition = NonNullable<Permission["when"]>[number];
type Comparison = Condition["is"];

const COMPARISONS: readonly Comparison[] = [">", ">=", "<", "<=", "=", "!="];
type Spoken = NonNullable<Permission["spoken"]>;
const SPOKEN: readonly Spoken[] = ["auto", "phrase", "button"];
const MOST_PEOPLE = 5;
const NEW: Condition = { argument: "", is: ">", value: 100, approver: "staff", people: 1 };

/** Who approves a tool's calls: groups, several people, conditions on its arguments, and what comes of waiting. Sends `change`. */
@customElement("desk-approver-options")
export class DeskApproverOptions extends PageElement {
  @property({ attribute: false }) permission!: Permission;
  @property({ type: Boolean }) disabled = false;
  /** Being written: not saved before it is whole. */
  @state() private fresh: Condition | undefined;
  readonly #groups = new Resource<readonly Group[]>(this, {
    load: async (signal) =>
      may("groups.read") ? (await api.get<Page<Group>>("/groups", { query: { limit: 200 }, signal })).body.items : [],
  });

  override render() {
    const { people = 1, expires = "reject", spoken = "auto" } = this.permission;
    return html`${this.#group()}
      <div class="field">
        <label class="label" for="permission-people">${approverWords.people}</label>
        <select
          id="permission-people"
          ?disabled=${this.disabled}
          .value=${live(String(people))}
          aria-describedby="permission-people-hint"
          @change=${(event: Event) => this.#change({ people: Number((event.currentTarget as HTMLSelectElement).value) })}
        >
          ${counts(people)}
        </select>
        <div id="permission-people-hint" class="hint">${approverWords.peopleHint}</div>
      </div>
      ${this.#conditions()}
      <div class="field">
        <label class="label" for="permission-expires">${approverWords.expires}</label>
        <select
          id="permission-expires"
          ?disabled=${this.disabled}
          .value=${live(expires)}
          @change=${(event: Event) => this.#change({ expires: (event.currentTarget as HTMLSelectElement).value as "reject" | "ask-staff" })}
        >
          <option value="reject" ?selected=${expires === "reject"}>${approverWords.reject}</option>
          <option value="ask-staff" ?selected=${expires === "ask-staff"}>${approverWords.askStaff}</option>
        </select>
      </div>
      <div class="field">
        <label class="label" for="permission-spoken">${approverWords.spoken}</label>
        <select
          id="permission-spoken"
          ?disabled=${this.disabled}
          .value=${live(spoken)}
          aria-describedby="permission-spoken-hint"
          @change=${(event: Event) => this.#change({ spoken: (event.currentTarget as HTMLSelectElement).value as Spoken })}
        >
          ${SPOKEN.map((one) => html`<option value=${one} ?selected=${one === spoken}>${approverWords.spokenBy[one]}</option>`)}
        </select>
        <div id="permission-spoken-hint" class="hint">${approverWords.spokenHint[spoken]}</div>
      </div>`;
  }

  #group(): TemplateResult {
    const chosen = this.permission.approverGroups ?? [];
    const all = this.#groups.value ?? [];
    const known = new Set(all.map(({ id }) => id));
    return html`<fieldset class="rows">
      <legend>${approverWords.groups}</legend>
      <p class="hint">${chosen.length === 0 ? approverWords.everybody : approverWords.onlyThese}</p>
      ${[...all, ...chosen.filter((id) => !known.has(id)).map((id) => ({ id, name: id }))].map(
        ({ id, name }) =>
          html`<label class="inline"
            ><input
              type="checkbox"
              .checked=${live(chosen.includes(id))}
              ?disabled=${this.disabled}
              @change=${(event: Event) => this.#changeGroup(id, (event.currentTarget as HTMLInputElement).checked)}
            />
            ${name}</label
          >`,
      )}
    </fieldset>`;
  }

  #changeGroup(id: string, isIn: boolean): void {
    const others = (this.permission.approverGroups ?? []).filter((one) => one !== id);
    this.#change({ approverGroups: isIn ? [...others, id] : others });
  }

  #conditions(): TemplateResult {
    const when = this.permission.when ?? [];
    return html`<fieldset class="rows">
      <legend>${approverWords.conditions}</legend>
      <p class="hint">${approverWords.conditionsHint}</p>
      ${when.map(
        (condition, at) =>
          html`<div class="row list-row">
            <span>${said(condition)}</span>
            ${
              this.disabled
                ? nothing
                : html`<button
                    type="button"
                    class="quiet icon-only"
                    aria-label=${approverWords.remove(said(condition))}
                    @click=${() => this.#change({ when: when.filter((_one, index) => index !== at) })}
                  >
                    ${icon("remove")}
                  </button>`
            }
          </div>`,
      )}
      ${this.disabled ? nothing : this.fresh === undefined ? html`<button type="button" @click=${() => (this.fresh = NEW)}>${icon("plus")}${approverWords.add}</button>` : this.#new(this.fresh)}
    </fieldset>`;
  }

  #new(fresh: Condition): TemplateResult {
    const set = (change: Partial<Condition>) => (this.fresh = { ...fresh, ...change });
    const value = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
    return html`<form class="condition" novalidate @submit=${(event: Event) => this.#add(event, fresh)}>
      <label
        ><span class="label">${approverWords.argument}</span
        ><input
          class="code"
          spellcheck="false"
          autocomplete="off"
          .value=${live(fresh.argument)}
          @input=${(event: Event) => set({ argument: value(event) })}
      /></label>
      <label
        ><span class="label">${approverWords.is}</span
        ><select .value=${live(fresh.is)} @change=${(event: Event) => set({ is: value(event) as Comparison })}>
          ${COMPARISONS.map((one) => html`<option value=${one} ?selected=${one === fresh.is}>${one}</option>`)}
        </select></label
      >
      <label
        ><span class="label">${approverWords.value}</span
        ><input autocomplete="off" .value=${live(String(fresh.value))} @input=${(event: Event) => set({ value: valueOf(value(event)) })}
      /></label>
      <label
        ><span class="label">${approverWords.approver}</span
        ><select
          .value=${live(fresh.approver)}
          @change=${(event: Event) => set({ approver: value(event) as Condition["approver"], people: 1 })}
        >
          ${(["staff", "customer", "either"] as const).map((one) => html`<option value=${one} ?selected=${one === fresh.approver}>${approverWords.approvers[one]}</option>`)}
        </select></label
      >
      ${
        fresh.approver === "staff"
          ? html`<label
              ><span class="label">${approverWords.people}</span
              ><select .value=${live(String(fresh.people))} @change=${(event: Event) => set({ people: Number(value(event)) })}>
                ${counts(fresh.people)}
              </select></label
            >`
          : nothing
      }
      <div class="actions">
        <button type="button" @click=${() => (this.fresh = undefined)}>${approverWords.cancel}</button>
        <button class="primary">${approverWords.addThis}</button>
      </div>
    </form>`;
  }

  #add(event: Event, fresh: Condition): void {
    event.preventDefault();
    if (fresh.argument.trim() === "") return this.querySelector<HTMLElement>(".condition input")?.focus();
    this.fresh = undefined;
    this.#change({ when: [...(this.permission.when ?? []), { ...fresh, argument: fresh.argument.trim() }] });
  }

  #change(change: Partial<Permission>): void {
    this.dispatchEvent(new CustomEvent("change-permission", { detail: change, bubbles: true }));
  }
}

function counts(chosen: number): readonly TemplateResult[] {
  return Array.from({ length: MOST_PEOPLE }, (_, at) => html`<option value=${at + 1} ?selected=${at + 1 === chosen}>${at + 1}</option>`);
}

/** What is typed as a number or as true or false is meant so. */
function valueOf(text: string): Condition["value"] {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function said({ argument, is, value, approver, people }: Condition): string {
  const condition = `${argument} ${is} ${typeof value === "string" ? JSON.stringify(value) : value}`;
  return `${condition}: ${people > 1 ? approverWords.several(people) : approverWords.approvers[approver]}`;
}
