import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { PublishedServer } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { publishedWords } from "./published-words.ts";

/** Asks for a name, makes the server, and leads to its tools. */
export async function makePublished(): Promise<void> {
  let made: PublishedServer | undefined;
  await showDialog(publishedWords.make, (close) => {
    const done = ({ detail }: CustomEvent<PublishedServer>): void => {
      made = detail;
      close();
    };
    return html`<desk-new-published @made=${done}></desk-new-published>`;
  });
  if (made !== undefined) await router.go(`/published-servers/${made.id}`);
}

@customElement("desk-new-published")
export class DeskNewPublished extends PageElement {
  readonly #form = new Form<{ readonly name: string }>(this, { name: "" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: publishedWords.name, hint: publishedWords.nameHint, autofocus: true })}
      ${saveBar(form, { label: publishedWords.button, drawn: (path) => path === "/name", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const answer = await form.submit(async () => (await api.create<PublishedServer>("/published-servers", form.whole())).body);
    if (answer === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made", { detail: answer }));
  }
}
