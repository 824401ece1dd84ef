import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { GivenEndpointToken } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { ask, showDialog } from "../../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { devicesWords } from "./devices-words.ts";

/** Asks what the device is called, and shows its address, once. */
export async function makeToken(assistant: string): Promise<boolean> {
  let made: { readonly name: string; readonly url: string } | undefined;
  await showDialog(devicesWords.newToken, (close) => {
    const done = ({ detail }: CustomEvent<{ name: string; url: string }>): void => {
      made = detail;
      close();
    };
    return html`<desk-new-device .assistantKey=${assistant} @made=${done}></desk-new-device>`;
  });
  if (made === undefined) return false;
  await showUrl(made.name, made.url);
  return true;
}

/** Whoever has not copied it is asked before it is gone. */
export async function showUrl(name: string, url: string): Promise<void> {
  let isCopied = false;
  const mayClose = (): boolean | Promise<boolean> =>
    isCopied ||
    ask({
      title: devicesWords.closeTitle,
      text: devicesWords.closeText,
      confirm: devicesWords.closeAnyway,
      cancel: devicesWords.closeNot,
      isDangerous: true,
    });
  await showDialog(
    devicesWords.urlOf(name),
    () =>
      html`<p>${devicesWords.shownOnce}</p>
        ${copyField(devicesWords.url, url, () => (isCopied = true))}
        <p class="muted">${devicesWords.urlText}</p>`,
    { mayClose },
  );
}

@customElement("desk-new-device")
export class DeskNewDevice extends PageElement {
  @property() assistantKey = "";
  readonly #form = new Form<{ readonly name: string }>(this, { name: "" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: devicesWords.name, hint: devicesWords.nameHint, autofocus: true })}
      ${saveBar(form, { label: devicesWords.makeToken, drawn: (path) => path === "/name", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const body = form.whole() as unknown as { readonly name: string };
    const path = `/assistants/${this.assistantKey}/endpoint/tokens`;
    const answer = await form.submit(async () => (await api.create<GivenEndpointToken>(path, body)).body);
    if (answer === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made", { detail: { name: body.name, url: answer.url } }));
  }
}
