import { DocumentConflictError, type DocumentStore, type StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { REDACTED } from "../../guard/secrets/redaction.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Send, Sent } from "../delivery-queue.ts";
import type { Delivery } from "../ports.ts";
import { postOnce } from "../post-once.ts";
import { TEST_EVENT } from "./webhook-payload.ts";
import { previousSecretPlace, secretPlace, type WebhookBody, webhookBody } from "./webhook-record.ts";
import { signatureHeaders } from "./webhook-signature.ts";

export interface SendWebhookPorts {
  readonly documents: Pick<DocumentStore, "get" | "write">;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** Guarded: its address comes from a form. */
  readonly fetch: typeof fetch;
  /** Of this server, as it introduces itself. */
  readonly version: string;
}

const GONE = 410;
const SYSTEM = { kind: "system", id: "system", name: "Frontdesk" } as const;

/** Posts one attempt, signed. 2xx is delivered; 410 switches the webhook off; a redirect is followed nowhere. */
export function createSendWebhook(ports: SendWebhookPorts): Send {
  return async (delivery, signal) => {
    const { documents, clock } = ports;
    const document = await documents.get("webhook", delivery.target, clock.now());
    if (document === undefined) return { came: "gone", answer: { fault: "The webhook was removed." } };
    const body = webhookBody.parse(document.body);
    if (!body.enabled && delivery.event !== TEST_EVENT) return { came: "gone", answer: { fault: "The webhook was switched off." } };
    const sent = await post(ports, delivery, body, signal);
    if (sent.answer.status !== GONE) return withoutSecrets(sent);
    await switchOff(ports, document, body);
    return withoutSecrets({ ...sent, came: "refused" });
  };
}

function post(ports: SendWebhookPorts, delivery: Delivery, webhook: WebhookBody, signal: AbortSignal): Promise<Sent> {
  const { id, body, target } = delivery;
  const at = ports.clock.now();
  const secrets = [ports.box.open(webhook.secret, secretPlace(target))];
  const { previous } = webhook;
  if (previous !== undefined && previous.until > at) secrets.push(ports.box.open(previous.secret, previousSecretPlace(target)));
  const headers = {
    "content-type": "application/json",
    "user-agent": `Frontdesk/${ports.version}`,
    ...signatureHeaders({ id, at, body, secrets }),
  };
  return postOnce(ports, { url: webhook.url, headers, body }, signal);
}

/** 410: the receiver wants nothing more. What waits for it is cancelled as its turn comes. */
async function switchOff({ documents, clock }: SendWebhookPorts, { id, version }: StoredDocument, body: WebhookBody): Promise<void> {
  const at = clock.now();
  const audit = { by: SYSTEM, action: "webhook.gone", target: { kind: "webhook", id }, after: { name: body.name, enabled: false } };
  const off: WebhookBody = { ...body, enabled: false, goneAt: at };
  try {
    await documents.write([{ do: "replace", kind: "webhook", id, body: off, ifVersion: version }], { at, audit: [audit] });
  } catch (error) {
    // Somebody has just changed it; if it is still gone, the next attempt says so.
    if (!(error instanceof DocumentConflictError)) throw error;
  }
}

/** A receiver may answer with what it was configured with. */
function withoutSecrets(sent: Sent): Sent {
  const { text } = sent.answer;
  if (text === undefined) return sent;
  return { ...sent, answer: { ...sent.answer, text: text.replaceAll(/whsec_[A-Za-z0-9+/=_-]+/g, `whsec_${REDACTED}`) } };
}
