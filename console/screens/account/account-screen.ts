import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { changePassword } from "../../api/sign-in.ts";
import { Form } from "../../foundation/form.ts";
import { formatList } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { chooseLanguage, chooseShortcuts, chooseTheme, hasShortcuts, readTheme, type Theme } from "../../foundation/preferences.ts";
import { may, me } from "../../foundation/screen.ts";
import { LANGUAGE, LANGUAGES, type Language } from "../../foundation/words.ts";
import { askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import "../../parts/sessions.ts";
import { toast } from "../../parts/toasts.ts";
import { ROLE_NAMES } from "../people/role-choices.ts";
import "./own-grants.ts";
import "./own-picture.ts";
import "./notices-settings.ts";
import { accountWords } from "./account-words.ts";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", accountWords.system],
  ["light", accountWords.light],
  ["dark", accountWords.dark],
];

/** What one person sets for themselves. */
@customElement("desk-account")
export class DeskAccount extends PageElement {
  readonly #password = new Form(this, { currentPassword: "", newPassword: "" }, { mayLeave: askToLeave });

  override render() {
    const form = this.#password;
    return html`<div class="measure">
      <header class="page-head"><h1>${accountWords.title}</h1></header>
      <p>${me.self?.name} · ${accountWords.roles(formatList((me.self?.roles ?? []).map((role) => ROLE_NAMES[role])))}</p>
      <section class="group">
        <h2>${accountWords.look}</h2>
        <div class="field">
          <label class="label" for="theme">${accountWords.theme}</label>
          <select id="theme" @change=${(event: Event) => chooseTheme((event.currentTarget as HTMLSelectElement).value as Theme)}>
            ${THEMES.map(([value, label]) => html`<option value=${value} ?selected=${value === readTheme()}>${label}</option>`)}
          </select>
        </div>
        <div class="field">
          <label class="label" for="language">${accountWords.language}</label>
          <select id="language" @change=${(event: Event) => chooseLanguage((event.currentTarget as HTMLSelectElement).value as Language)}>
            ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${tag === LANGUAGE}>${name}</option>`)}
          </select>
        </div>
        <div class="field switch-field">
          <label
            ><input
              type="checkbox"
              role="switch"
              .checked=${hasShortcuts()}
              aria-describedby="shortcuts-hint"
              @change=${(event: Event) => chooseShortcuts((event.currentTarget as HTMLInputElement).checked)}
            />
            <span class="label">${accountWords.shortcuts}</span></label
          >
          <div id="shortcuts-hint" class="hint">${accountWords.shortcutsHint}</div>
        </div>
      </section>
      <desk-own-picture></desk-own-picture>
      ${may("approvals.decide") ? html`<desk-notices-settings></desk-notices-settings>` : ""}
      <form class="group" novalidate @submit=${(event: Event) => void this.#change(event)}>
        <h2>${accountWords.password}</h2>
        ${textField(form, { path: "/currentPassword", label: accountWords.current, type: "password", autocomplete: "current-password" })}
        ${textField(form, { path: "/newPassword", label: accountWords.next, type: "password", autocomplete: "new-password", hint: accountWords.nextHint })}
        ${saveBar(form, { label: accountWords.change, drawn: (path) => path === "/currentPassword" || path === "/newPassword" })}
      </form>
      <desk-sessions></desk-sessions>
      <desk-own-grants></desk-own-grants>
    </div>`;
  }

  async #change(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#password;
    const done = await form.submit(async () => {
      await changePassword(form.text("/currentPassword"), form.text("/newPassword"));
      return true;
    });
    if (done === undefined) return focusFirstFault(this);
    form.reset();
    toast(accountWords.changed);
  }
}
