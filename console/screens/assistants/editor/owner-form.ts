import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, type Page } from "../../../api/client.ts";
import type { Assistant, Person } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { choiceField, focusFirstFault } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { show } from "../../../parts/states.ts";
import { toast } from "../../../parts/toasts.ts";
import { editorWords } from "./editor-words.ts";

@customElement("desk-owner")
export class DeskOwner extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) ownerId = "";
  @property({ attribute: false }) version: string | undefined;
  readonly #form = new Form(this, { owner: "" });
  readonly #people = new Resource<readonly Person[]>(this, {
    load: async (signal) => (await api.get<Page<Person>>("/people", { query: { limit: 200 }, signal })).body.items,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#form.rebase({ owner: this.ownerId }, this.version);
  }

  override render() {
    const form = this.#form;
    return html`${show(
      this.#people,
      (people) =>
        html`<form novalidate @submit=${(event: Event) => void this.#send(event, people)}>
          ${choiceField(form, { path: "/owner", label: editorWords.newOwner, options: people.map(({ id, name, email }) => [id, `${name} · ${email}`] as const) })}
          ${saveBar(form, { label: editorWords.giveButton, drawn: (path) => path === "/owner" })}
        </form>`,
    )}`;
  }

  async #send(event: Event, people: readonly Person[]): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const answer = await form.submit(() => api.patch<Assistant>(`/assistants/${this.assistantKey}`, form.patch(), form.version));
    if (answer === undefined) return focusFirstFault(this);
    const owner = people.find(({ id }) => id === form.get("/owner"));
    form.reset();
    this.dispatchEvent(new CustomEvent("given"));
    toast(editorWords.given(owner?.name ?? ""));
  }
}
