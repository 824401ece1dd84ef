import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Group } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { peopleWords } from "./people-words.ts";

export async function makeGroup(): Promise<void> {
  await showDialog(peopleWords.newGroup, (close) => html`<desk-new-group @made=${close}></desk-new-group>`);
}

@customElement("desk-new-group")
export class DeskNewGroup extends PageElement {
  readonly #form = new Form(this, { name: "", description: "" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: peopleWords.groupName, autofocus: true })}
      ${textField(form, { path: "/description", label: peopleWords.description, isOptional: true })}
      ${saveBar(form, { label: peopleWords.makeGroup, drawn: (path) => path === "/name" || path === "/description", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const group = await form.submit(async () => (await api.create<Group>("/groups", form.whole())).body);
    if (group === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made"));
    await router.go(`/people/groups/${group.id}`);
  }
}
