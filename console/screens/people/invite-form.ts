import { html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { InvitePersonAnswer } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { formatDateTime } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { choices } from "../../parts/choices.ts";
import { copyField } from "../../parts/copy-field.ts";
import { askToLeave, showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { icon } from "../../parts/icon.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { peopleWords } from "./people-words.ts";
import { ROLE_CHOICES } from "./role-choices.ts";

/** Asks who is invited, then shows the link. `invited` is called with the person. */
export async function inviteSomebody(invited: () => void): Promise<void> {
  await showDialog(peopleWords.inviteTitle, () => html`<desk-invite @invited=${invited}></desk-invite>`);
}

const FIELDS = new Set(["/name", "/email", "/roles"]);

@customElement("desk-invite")
export class DeskInvite extends PageElement {
  @state() private answer: InvitePersonAnswer | undefined;
  readonly #form = new Form(this, { name: "", email: "", roles: ["owner"] }, { mayLeave: askToLeave, place: "invite" });

  override render() {
    const form = this.#form;
    if (this.answer !== undefined) {
      const { person, invitation } = this.answer;
      return html`<p><strong>${peopleWords.linkTitle(person.name)}</strong></p>
        ${copyField(peopleWords.linkTitle(person.name), invitation.url)}
        <p class="muted">${peopleWords.linkHint(formatDateTime(invitation.expiresAt))}</p>
        <p><button type="button" @click=${() => void this.#again()}>${icon("plus")}${peopleWords.inviteAnother}</button></p>`;
    }
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: peopleWords.name, autofocus: true })}
      ${textField(form, { path: "/email", label: peopleWords.email, type: "email" })}
      ${choices(form, { path: "/roles", label: peopleWords.roles, options: ROLE_CHOICES })}
      <p class="muted">${peopleWords.inviteHint}</p>
      ${saveBar(form, { label: peopleWords.inviteButton, drawn: (path) => FIELDS.has(path), isNew: true })}
    </form>`;
  }

  /** The link that was shown goes. */
  async #again(): Promise<void> {
    this.answer = undefined;
    await this.updateComplete;
    this.querySelector<HTMLElement>("input")?.focus();
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const answer = await form.submit(async () => (await api.create<InvitePersonAnswer>("/people", form.whole())).body);
    if (answer === undefined) return focusFirstFault(this);
    form.reset();
    this.answer = answer;
    this.dispatchEvent(new CustomEvent("invited"));
  }
}
