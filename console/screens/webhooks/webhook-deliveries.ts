import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api, type Page } from "../../api/client.ts";
import type { WebhookDelivery } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { may } from "../../foundation/screen.ts";
import { show } from "../../parts/states.ts";
import { ago, status, type Tone } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { DELIVERY_WORDS, eventWords, webhooksWords } from "./webhooks-words.ts";

const SHOWN = 25;
/** A test is answered in a moment, and whoever pressed it waits for that. */
const EVERY_MS = 3_000;
const TONES: Readonly<Record<WebhookDelivery["status"], Tone>> = { waiting: "busy", delivered: "good", dead: "bad", cancelled: "neutral" };

/** What was sent to a webhook, how it ended, and the buttons that send. Says `changed` when it may have been switched off. */
@customElement("desk-webhook-deliveries")
export class DeskWebhookDeliveries extends PageElement {
  @property() webhookId = "";
  readonly #deliveries = new Resource<Page<WebhookDelivery>>(this, {
    load: async (signal) =>
      (await api.get<Page<WebhookDelivery>>(`/webhooks/${this.webhookId}/deliveries`, { query: { limit: SHOWN }, signal })).body,
    everyMs: EVERY_MS,
  });

  override render() {
    return html`<section class="group" aria-labelledby="deliveries-title">
      <h2 id="deliveries-title">${webhooksWords.deliveries}</h2>
      <p class="muted">${webhooksWords.deliveriesLead}</p>
      ${may("webhooks.write") ? html`<p><button @click=${() => void this.#test()}>${webhooksWords.test}</button></p>` : nothing}
      ${show(this.#deliveries, ({ items }) =>
        items.length === 0
          ? html`<p class="muted">${webhooksWords.noDeliveries}</p>`
          : html`<ul class="plain-list deliveries">
              ${repeat(
                items,
                ({ id }) => id,
                (one) => this.#row(one),
              )}
            </ul>`,
      )}
    </section>`;
  }

  #row(delivery: WebhookDelivery): TemplateResult {
    const { event, at, attempts, nextAt, answer } = delivery;
    const isEnded = delivery.status !== "waiting";
    const said = answer?.fault ?? answer?.status;
    return html`<li>
      <div>
        ${eventWords(event)} <span class="muted">· ${ago(at)}</span>
        <p>
          ${status(TONES[delivery.status], DELIVERY_WORDS[delivery.status])}
          <span class="muted"
            >${attempts === 0 ? nothing : html`· ${webhooksWords.attempts(attempts)}`}${said === undefined ? nothing : html` · ${said}`}${
              isEnded || nextAt === undefined || attempts === 0 ? nothing : html` · ${webhooksWords.next} ${ago(nextAt)}`
            }</span
          >
        </p>
        <details>
          <summary>${webhooksWords.details}</summary>
          <p class="label">${webhooksWords.sentBody}</p>
          <pre tabindex="0" aria-label=${webhooksWords.sentBody}>${pretty(delivery.body)}</pre>
          ${
            answer?.text === undefined
              ? nothing
              : html`<p class="label">${webhooksWords.answer}</p>
                  <pre tabindex="0" aria-label=${webhooksWords.answer}>${answer.text === "" ? webhooksWords.noAnswer : answer.text}</pre>`
          }
        </details>
      </div>
      ${
        isEnded && may("webhooks.write")
          ? html`<button class="quiet" aria-label="${webhooksWords.again}: ${eventWords(event)}" @click=${() => void this.#again(delivery)}>
              ${webhooksWords.again}
            </button>`
          : nothing
      }
    </li>`;
  }

  async #test(): Promise<void> {
    await this.#send(`/webhooks/${this.webhookId}/test`, webhooksWords.testSent);
  }

  async #again({ id }: WebhookDelivery): Promise<void> {
    await this.#send(`/webhooks/${this.webhookId}/deliveries/${id}/again`, webhooksWords.sentAgain);
  }

  async #send(path: string, said: string): Promise<void> {
    try {
      await api.post(path, {});
      toast(said);
    } catch (error) {
      toastFault(error);
    }
    await this.#deliveries.reload();
    this.dispatchEvent(new CustomEvent("changed"));
  }
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
