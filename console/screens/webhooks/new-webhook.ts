import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { CreateWebhookAnswer } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { assistantNames } from "../../parts/assistant-names.ts";
import { showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { isWebhookField, webhookFields, type WebhookForm } from "./webhook-fields.ts";
import { showSecret } from "./webhook-secret.ts";
import { webhooksWords } from "./webhooks-words.ts";

/** Asks for a new webhook, shows its secret, and leads to it. */
export async function makeWebhook(): Promise<void> {
  let made: CreateWebhookAnswer | undefined;
  await showDialog(webhooksWords.make, (close) => {
    const done = ({ detail }: CustomEvent<CreateWebhookAnswer>): void => {
      made = detail;
      close();
    };
    return html`<desk-new-webhook @made=${done}></desk-new-webhook>`;
  });
  if (made === undefined) return;
  await showSecret(made.webhook.name, made.secret);
  await router.go(`/webhooks/${made.webhook.id}`);
}

@customElement("desk-new-webhook")
export class DeskNewWebhook extends PageElement {
  readonly #form = new Form<WebhookForm>(this, {
    name: "",
    url: "",
    events: ["approval.requested", "person.asked", "contact.left"],
    assistants: [],
    enabled: true,
  });
  readonly #names = new Resource(this, { load: assistantNames });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${webhookFields(form, { isNew: true, names: this.#names.value })}
      ${saveBar(form, { label: webhooksWords.button, drawn: isWebhookField, isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const answer = await form.submit(async () => (await api.create<CreateWebhookAnswer>("/webhooks", form.whole())).body);
    if (answer === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made", { detail: answer }));
  }
}
