import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { RotateWebhookSecretAnswer, Webhook } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { formatDateTime } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { assistantNames } from "../../parts/assistant-names.ts";
import { ask, askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { showPage, skeleton } from "../../parts/states.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { isWebhookField, webhookFields, type WebhookForm } from "./webhook-fields.ts";
import "./webhook-deliveries.ts";
import { showSecret } from "./webhook-secret.ts";
import { webhookStatus } from "./webhooks-screen.ts";
import { webhooksWords } from "./webhooks-words.ts";

/** Its receiver may have it switched off. */
const EVERY_MS = 5_000;

/** One webhook: what it is told, its secret, and what was sent. */
@customElement("desk-webhook")
export class DeskWebhook extends PageElement {
  @property() webhookId = "";
  #form: Form<WebhookForm> | undefined;
  readonly #webhook = new Resource<Webhook>(this, { load: async (signal) => this.#load(signal), everyMs: EVERY_MS });
  readonly #names = new Resource(this, { load: assistantNames });

  override render() {
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/webhooks")}>${webhooksWords.title}</a></nav>
      ${showPage(this.#webhook, (webhook) => (this.#names.state.status === "loading" ? skeleton(8) : this.#page(webhook)))}
    </div>`;
  }

  #page(webhook: Webhook): TemplateResult {
    const form = this.#form!;
    const isReadOnly = !may("webhooks.write");
    const { goneAt, enabled } = webhook;
    return html`<header class="page-head">
        <h1>${webhook.name}</h1>
        <p>${webhookStatus(webhook)} ${goneAt === undefined || enabled ? nothing : webhooksWords.goneText}</p>
      </header>
      <form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
        ${webhookFields(form, { isNew: false, isReadOnly, names: this.#names.value })}
        ${isReadOnly ? nothing : saveBar(form, { drawn: isWebhookField })}
      </form>
      ${isReadOnly ? nothing : this.#secret(webhook)}
      <desk-webhook-deliveries webhookId=${this.webhookId} @changed=${() => void this.#webhook.reload()}></desk-webhook-deliveries>`;
  }

  #secret(webhook: Webhook): TemplateResult {
    const { previousSecretUntil: until } = webhook;
    return html`<section class="group">
        <h2>${webhooksWords.secret}</h2>
        <p>${webhooksWords.secretText}</p>
        ${until === undefined || until < Date.now() ? nothing : html`<p class="muted">${webhooksWords.twoSecrets} ${formatDateTime(until)}.</p>`}
        <button @click=${() => void this.#rotate(webhook)}>${webhooksWords.rotate}</button>
      </section>
      <section class="group"><button class="danger" @click=${() => void this.#remove(webhook)}>${webhooksWords.remove}</button></section>`;
  }

  async #load(signal?: AbortSignal): Promise<Webhook> {
    const { body, version } = await api.get<Webhook>(`/webhooks/${this.webhookId}`, { signal });
    const { name, url, events, assistants, enabled } = body;
    const saved = { name, url, events, assistants, enabled };
    this.#form ??= new Form<WebhookForm>(this, saved, { mayLeave: askToLeave });
    this.#form.rebase(saved, version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form!;
    const answer = await form.submit(async () => api.patch<Webhook>(`/webhooks/${this.webhookId}`, form.patch(), form.version));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#webhook.reload();
      return focusFirstFault(this);
    }
    form.done();
    await this.#webhook.reload();
    toast(webhooksWords.saved(answer.body.name));
  }

  async #rotate({ name }: Webhook): Promise<void> {
    const { rotateTitle: title, rotateText: text, rotateConfirm: confirm } = webhooksWords;
    if (!(await ask({ title, text, confirm }))) return;
    try {
      const { body } = await api.create<RotateWebhookSecretAnswer>(`/webhooks/${this.webhookId}/secret`, {});
      await showSecret(name, body.secret);
      await this.#webhook.reload();
    } catch (error) {
      toastFault(error);
    }
  }

  async #remove({ name }: Webhook): Promise<void> {
    const { removeText: text, remove: confirm } = webhooksWords;
    if (!(await ask({ title: webhooksWords.removeTitle(name), text, confirm, isDangerous: true }))) return;
    try {
      await api.delete(`/webhooks/${this.webhookId}`, this.#form?.version);
    } catch (error) {
      return toastFault(error);
    }
    this.#form?.reset();
    await router.go("/webhooks");
    toast(webhooksWords.removed(name));
  }
}
