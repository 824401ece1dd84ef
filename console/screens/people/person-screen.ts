import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { Invitation, Person } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { formatDateTime } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { choices } from "../../parts/choices.ts";
import { copyField } from "../../parts/copy-field.ts";
import { ask, askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault, switchField, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import "../../parts/sessions.ts";
import { showPage } from "../../parts/states.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { peopleWords } from "./people-words.ts";
import { ROLE_CHOICES } from "./role-choices.ts";

const FIELDS = ["/name", "/email", "/roles", "/disabled"];
type PersonForm = Pick<Person, "name" | "email" | "roles"> & { readonly disabled: boolean };

/** One person: their roles, whether they are locked out, and a new link. */
@customElement("desk-person")
export class DeskPerson extends PageElement {
  @property() personId = "";
  @state() private invitation: Invitation | undefined;
  #form: Form<PersonForm> | undefined;
  readonly #person = new Resource<Person>(this, { load: async (signal) => this.#load(signal) });

  override render() {
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/people")}>${peopleWords.title}</a></nav>
      ${showPage(this.#person, (person) => this.#page(person))}
    </div>`;
  }

  #page(person: Person): TemplateResult {
    const form = this.#form!;
    const isReadOnly = !may("people.write");
    return html`<header class="page-head"><h1>${person.name}</h1></header>
      <form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
        ${textField(form, { path: "/name", label: peopleWords.name, isReadOnly })}
        ${textField(form, { path: "/email", label: peopleWords.email, type: "email", isReadOnly })}
        ${choices(form, { path: "/roles", label: peopleWords.roles, options: ROLE_CHOICES, isReadOnly })}
        ${switchField(form, { path: "/disabled", label: peopleWords.disabledLabel, hint: peopleWords.disabledHint, isReadOnly })}
        ${isReadOnly ? nothing : saveBar(form, { drawn: (path) => FIELDS.some((field) => path === field || path.startsWith(`${field}/`)) })}
      </form>
      ${isReadOnly ? nothing : this.#actions(person)}`;
  }

  #actions(person: Person): TemplateResult {
    return html`<section class="group">
        <h2>${peopleWords.newLink}</h2>
        <p class="muted">${peopleWords.newLinkHint}</p>
        ${
          this.invitation === undefined
            ? html`<button @click=${() => void this.#renew()}>${peopleWords.newLink}</button>`
            : html`<p><strong>${peopleWords.linkTitle(person.name)}</strong></p>
                ${copyField(peopleWords.linkTitle(person.name), this.invitation.url)}
                <p class="muted">${peopleWords.linkHint(formatDateTime(this.invitation.expiresAt))}</p>`
        }
      </section>
      <desk-sessions path="/people/${person.id}/sessions"></desk-sessions>
      <section class="group"><button class="danger" @click=${() => void this.#remove(person)}>${peopleWords.remove}</button></section>`;
  }

  async #load(signal?: AbortSignal): Promise<Person> {
    const { body, version } = await api.get<Person>(`/people/${this.personId}`, { signal });
    const { name, email, roles, status } = body;
    const saved = { name, email, roles, disabled: status === "disabled" };
    this.#form ??= new Form(this, saved, { mayLeave: askToLeave });
    this.#form.rebase(saved, version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form!;
    const answer = await form.submit(async () => api.patch<Person>(`/people/${this.personId}`, form.patch(), form.version));
    if (answer === undefined) {
      // Somebody else was faster: what they saved is shown beside what was typed here.
      if (form.problem?.code === "version-changed") await this.#person.reload();
      return focusFirstFault(this);
    }
    form.done();
    await this.#person.reload();
    toast(peopleWords.saved(answer.body.name));
  }

  async #renew(): Promise<void> {
    try {
      this.invitation = (await api.create<Invitation>(`/people/${this.personId}/invitation`, {})).body;
    } catch (error) {
      toastFault(error);
    }
  }

  async #remove({ name }: Person): Promise<void> {
    if (
      !(await ask({
        title: peopleWords.removeTitle(name),
        text: peopleWords.removeText,
        confirm: peopleWords.remove,
        isDangerous: true,
        typeName: name,
      }))
    )
      return;
    try {
      await api.delete(`/people/${this.personId}`, this.#form?.version);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      return toastFault(error);
    }
    this.#form?.reset();
    await router.go("/people");
    toast(peopleWords.removed(name));
  }
}
