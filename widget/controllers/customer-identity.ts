import type { WireError } from "../../protocol/errors.ts";
import type { HelloFrame, Replies, RequestFrame } from "../../protocol/frames.ts";
import type { Identify } from "./identify.ts";

/** What a session has, for who its customer is. */
export interface IdentityOwner {
  identify(): Identify | undefined;
  request(name: "identity-renew", frame: RequestFrame<"identity-renew">): Promise<Replies["identity-renew"]>;
  reconnect(): void;
}

/** Who the customer of a session is, by the word of the page's site: in each hello, and while the line is open. */
export class CustomerIdentity {
  readonly #owner: IdentityOwner;
  /** The last token was refused: the next hello needs another. */
  #anew = false;

  constructor(owner: IdentityOwner) {
    this.#owner = owner;
  }

  /** At once where the page says nothing. */
  hello(made: (said: Pick<HelloFrame, "identity">) => HelloFrame): HelloFrame | Promise<HelloFrame> {
    const identify = this.#owner.identify();
    return identify ? identify(this.#anew).then((identity) => made(identity ? { identity } : {})) : made({});
  }

  welcomed(): void {
    this.#anew = false;
  }

  /** False: somebody else, or nobody, is signed in now, or it cannot be known. A new hello finds out. */
  async renew(): Promise<boolean> {
    try {
      const identity = await this.#owner.identify()?.(true);
      if (identity) return !!(await this.#owner.request("identity-renew", { identity }));
    } catch {}
    this.#owner.reconnect();
    return false;
  }

  /** Whether a hello that was refused may do better with another token. */
  mayRetry({ code }: WireError): boolean {
    const may = !this.#anew && code.startsWith("identity-") && !!this.#owner.identify();
    if (may) this.#anew = true;
    return may;
  }
}
