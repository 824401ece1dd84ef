import { RequestError } from "../../../protocol/errors.ts";
import type { AuditDraft, DocumentChange, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { Delivery, NoticeStore } from "../ports.ts";
import {
  auditedWebhook,
  previousSecretPlace,
  secretPlace,
  type Webhook,
  type WebhookBody,
  webhookBody,
  webhookOf,
  type WebhookSettings,
  webhookSettings,
} from "./webhook-record.ts";
import { testDelivery } from "./webhook-payload.ts";
import { newWebhookSecret } from "./webhook-signature.ts";

const HOUR_MS = 3_600_000;
/** All of them hear of each notice. */
const MOST_WEBHOOKS = 50;

export interface WebhooksPorts {
  readonly documents: DocumentStore;
  readonly notices: NoticeStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** Throws when nothing is ever sent to this address: it is in a private network that is not allowed. */
  readonly checkUrl: (url: URL) => Promise<void>;
  /** Whether there is an assistant of this key. */
  readonly isAssistant: (key: string) => boolean;
  readonly secret?: () => string;
}

type Change = { readonly [Field in keyof WebhookSettings]?: WebhookSettings[Field] | undefined };

/** Where notices are sent to, and what was sent. A secret is shown once, when it is made. */
export class Webhooks {
  readonly #ports: WebhooksPorts;
  readonly #newSecret: () => string;

  constructor(ports: WebhooksPorts) {
    this.#ports = ports;
    this.#newSecret = ports.secret ?? newWebhookSecret;
  }

  /** By name; `after` is a `namePosition`. */
  async list(options: { readonly after?: string; readonly limit: number; readonly q?: string }): Promise<readonly Webhook[]> {
    const { documents, clock } = this.#ports;
    return (await documents.list("webhook", { ...options, by: "name", now: clock.now() })).map(webhookOf);
  }

  /** Throws `not-found`. */
  async get(id: string): Promise<Webhook> {
    return webhookOf(await this.#find(id));
  }

  async create(by: Staff, settings: WebhookSettings): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
    const { documents, box, clock } = this.#ports;
    this.#checkAssistants(settings.assistants);
    await this.#checkUrl(settings.url);
    if ((await documents.listIds("webhook", { parents: [ALL], now: clock.now() })).length >= MOST_WEBHOOKS)
      throw new InvalidError([{ path: "", message: `There can be ${MOST_WEBHOOKS} webhooks. Remove one that is not needed.` }]);
    const id = clock.id();
    const secret = this.#newSecret();
    const body: WebhookBody = { ...settings, secret: box.seal(secret, secretPlace(id)) };
    const audit = { action: "webhook.create", after: auditedWebhook(settings) };
    await this.#write([{ do: "create", kind: "webhook", id, parent: ALL, body }], by, id, audit);
    return { webhook: await this.get(id), secret };
  }

  async update(by: Staff, id: string, ifVersion: number, change: Change): Promise<Webhook> {
    const before = webhookBody.parse((await this.#find(id)).body);
    const { secret, previous, goneAt, ...rest } = before;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const settings = webhookSettings.parse({ ...rest, ...given });
    this.#checkAssistants(settings.assistants, before.assistants);
    if (settings.url !== before.url) await this.#checkUrl(settings.url);
    // Whoever switches it on again, or sends it elsewhere, has seen to it.
    const isMended = settings.url !== before.url || (settings.enabled && !before.enabled);
    const body: WebhookBody = {
      ...settings,
      secret,
      ...(previous === undefined ? {} : { previous }),
      ...(goneAt === undefined || isMended ? {} : { goneAt }),
    };
    const audit = { action: "webhook.update", before: auditedWebhook(before), after: auditedWebhook(settings) };
    await this.#write([{ do: "replace", kind: "webhook", id, body, ifVersion }], by, id, audit);
    return this.get(id);
  }

  /** What is on its way to it is cancelled. */
  async remove(by: Staff, id: string, ifVersion: number): Promise<void> {
    const before = webhookBody.parse((await this.#find(id)).body);
    const audit = { action: "webhook.remove", before: auditedWebhook(before) };
    await this.#write([{ do: "delete", kind: "webhook", id, ifVersion }], by, id, audit);
  }

  /** A new secret; for some hours the one before signs as well, so that nothing is refused meanwhile. */
  async rotate(by: Staff, id: string, overlapHours: number): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
    const { box, clock } = this.#ports;
    const document = await this.#find(id);
    const { previous: _previous, ...before } = webhookBody.parse(document.body);
    const secret = this.#newSecret();
    const until = clock.now() + overlapHours * HOUR_MS;
    const earlier = overlapHours === 0 ? undefined : box.seal(box.open(before.secret, secretPlace(id)), previousSecretPlace(id));
    const body: WebhookBody = {
      ...before,
      secret: box.seal(secret, secretPlace(id)),
      ...(earlier === undefined ? {} : { previous: { secret: earlier, until } }),
    };
    const audit = { action: "webhook.rotate-secret", after: { name: before.name, overlapHours } };
    await this.#write([{ do: "replace", kind: "webhook", id, body, ifVersion: document.version }], by, id, audit);
    return { webhook: await this.get(id), secret };
  }

  /** Sends a notice that says it is a test, also while the webhook is switched off. */
  async test(id: string): Promise<Delivery> {
    const { notices, clock } = this.#ports;
    await this.#find(id);
    const delivery = testDelivery(id, clock);
    await notices.giveOut([], [delivery]);
    return this.#findDelivery(id, delivery.id);
  }

  /** The newest first; `before` is a delivery's id. */
  async deliveries(id: string, options: { readonly before?: string; readonly limit: number }): Promise<readonly Delivery[]> {
    await this.#find(id);
    return this.#ports.notices.listOf({ channel: "webhook", target: id, ...options });
  }

  /** Under the same id: a receiver who has it already sees that. Throws `in-use` while it waits. */
  async redeliver(id: string, deliveryId: string): Promise<Delivery> {
    const { notices, clock } = this.#ports;
    await this.#find(id);
    await this.#findDelivery(id, deliveryId);
    if (!(await notices.again(deliveryId, clock.now())))
      throw new RequestError("in-use", { detail: "This delivery is still on its way. It is tried again by itself." });
    return this.#findDelivery(id, deliveryId);
  }

  async #findDelivery(id: string, deliveryId: string): Promise<Delivery> {
    const found = await this.#ports.notices.find(deliveryId);
    if (found === undefined || found.channel !== "webhook" || found.target !== id)
      throw new RequestError("not-found", { detail: "There is no such delivery of this webhook." });
    return found;
  }

  async #find(id: string): Promise<StoredDocument> {
    const found = await this.#ports.documents.get("webhook", id, this.#ports.clock.now());
    if (found === undefined) throw new RequestError("not-found", { detail: "There is no such webhook." });
    return found;
  }

  /** One that it names already may be gone meanwhile. */
  #checkAssistants(keys: readonly string[], before: readonly string[] = []): void {
    const faults = keys.flatMap((key, at) =>
      before.includes(key) || this.#ports.isAssistant(key)
        ? []
        : [{ path: `/assistants/${at}`, message: `There is no assistant with the key "${key}".`, code: "no-such-assistant" as const }],
    );
    if (faults.length > 0) throw new InvalidError(faults);
  }

  async #checkUrl(url: string): Promise<void> {
    try {
      await this.#ports.checkUrl(new URL(url));
    } catch (error) {
      throw new InvalidError([{ path: "/url", message: error instanceof Error ? error.message : String(error) }]);
    }
  }

  async #write(changes: readonly DocumentChange[], by: Staff, id: string, audit: Omit<AuditDraft, "by" | "target">): Promise<void> {
    await this.#ports.documents.write(changes, {
      at: this.#ports.clock.now(),
      audit: [{ by: actorOf(by), target: { kind: "webhook", id }, ...audit }],
    });
  }
}

/** The parent of all webhooks, so that they are counted without being read. */
const ALL = "all";
