import { RequestError } from "../../../protocol/errors.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { PushKeys } from "./push-keys.ts";
import { type PushSubscription, sealSubscription, subscriptionId } from "./push-subscription.ts";

/** A person's browsers; with more, the oldest are other people's by now. */
const MOST_EACH = 20;

export interface PushSubscriptionsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly keys: () => Promise<PushKeys>;
}

/** In which browsers members of the staff are notified while the console is closed. */
export class PushSubscriptions {
  readonly #ports: PushSubscriptionsPorts;

  constructor(ports: PushSubscriptionsPorts) {
    this.#ports = ports;
  }

  /** What a browser subscribes with. */
  async publicKey(): Promise<string> {
    return (await this.#ports.keys()).publicKey;
  }

  /** A browser that somebody else used is theirs no longer: it notifies whoever subscribed last. */
  async add(by: Staff, subscription: PushSubscription, language: "en" | "de"): Promise<string> {
    const { documents, box, clock } = this.#ports;
    if (by.kind !== "person") throw new RequestError("forbidden", { detail: "Only people have browsers." });
    const id = subscriptionId(subscription.endpoint);
    const others = await documents.listIds("push-subscription", { parents: [by.id], now: clock.now() });
    if (!others.includes(id) && others.length >= MOST_EACH)
      throw new InvalidError([{ path: "", message: `You are notified in ${MOST_EACH} browsers. Switch it off in one of them.` }]);
    const body = { sealed: sealSubscription(box, subscription), language, ...(by.session === undefined ? {} : { session: by.session }) };
    await documents.write([{ do: "replace", orCreate: true, kind: "push-subscription", id, parent: by.id, body }], { at: clock.now() });
    return id;
  }

  /** Whether this browser notifies them. */
  async has(by: Staff, id: string): Promise<boolean> {
    const found = await this.#ports.documents.get("push-subscription", id, this.#ports.clock.now());
    return found !== undefined && found.parent === by.id;
  }

  /** One's own; another's is not there. */
  async remove(by: Staff, id: string): Promise<void> {
    const { documents, clock } = this.#ports;
    if (!(await this.has(by, id))) throw new RequestError("not-found", { detail: "You are not notified in this browser." });
    await documents.write([{ do: "delete", kind: "push-subscription", id }], { at: clock.now() });
  }
}
