import webPush from "web-push";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Send } from "../delivery-queue.ts";
import { postOnce } from "../post-once.ts";
import type { PushKeys } from "./push-keys.ts";
import { openSubscription, type PushSubscription } from "./push-subscription.ts";

export interface SendPushPorts {
  readonly documents: Pick<DocumentStore, "get" | "write">;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** Guarded, and allowed nothing private: the address comes from a browser. */
  readonly fetch: typeof fetch;
  readonly keys: () => Promise<PushKeys>;
  /** Whom push services may turn to: an https or mailto address (RFC 8292, 2.1). */
  readonly contact: () => string;
}

/** What is told later than this is told for nothing. */
const GOOD_FOR_MS = 60 * 60_000;
/** The subscription has ended (RFC 8030, 7.3). */
const ENDED: readonly (number | undefined)[] = [404, 410];
/** Not ours to mend by asking again. */
const REFUSED: readonly (number | undefined)[] = [400, 401, 403, 413];

export function generatePushKeys(): PushKeys {
  return webPush.generateVAPIDKeys();
}

/** Encrypts for the one browser (RFC 8291) and posts to its push service. A subscription that has ended is forgotten. */
export function createSendPush(ports: SendPushPorts): Send {
  return async ({ target, body, at }, signal) => {
    const { documents, box, clock } = ports;
    const document = await documents.get("push-subscription", target, clock.now());
    if (document === undefined) return { came: "gone", answer: { fault: "Notifications were switched off there." } };
    const left = GOOD_FOR_MS - (clock.now() - at);
    if (left <= 0) return { came: "refused", answer: { fault: "It is too late to tell of this." } };
    const keys = await ports.keys();
    const request = requestOf(openSubscription(box, document), body, {
      keys,
      contact: ports.contact(),
      ttlSeconds: Math.ceil(left / 1000),
    });
    if (request === undefined) return { came: "refused", answer: { fault: "The browser's keys cannot be used." } };
    const sent = await postOnce(ports, request, signal);
    if (ENDED.includes(sent.answer.status)) {
      await documents.write([{ do: "delete", kind: "push-subscription", id: target }], { at: clock.now() });
      return { ...sent, came: "gone" };
    }
    return REFUSED.includes(sent.answer.status) ? { ...sent, came: "refused" } : sent;
  };
}

function requestOf(
  { endpoint, keys }: PushSubscription,
  text: string,
  given: { readonly keys: PushKeys; readonly contact: string; readonly ttlSeconds: number },
): { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array<ArrayBuffer> } | undefined {
  try {
    const details = webPush.generateRequestDetails({ endpoint, keys: { ...keys } }, text, {
      vapidDetails: { subject: given.contact, ...given.keys },
      TTL: given.ttlSeconds,
      urgency: "high",
      contentEncoding: "aes128gcm",
    });
    const headers = Object.entries(details.headers)
      // Whoever posts counts the bytes.
      .filter(([name]) => name.toLowerCase() !== "content-length")
      .map(([name, value]) => [name, String(value)] as const);
    return { url: details.endpoint, headers: Object.fromEntries(headers), body: new Uint8Array(details.body) };
  } catch {
    // A point that is not on the curve, for one: whoever made it is no browser.
    return undefined;
  }
}
