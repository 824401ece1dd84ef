import type { LitElement } from "lit";
import type { Identify } from "../../controllers/identify.ts";
import { lateIdentity } from "../../controllers/late-identity.ts";
import { emptyField } from "./panel-focus.ts";

type Host = LitElement & { readonly identityUrl: string | undefined };

/** Who the page says that its customer is: by an address that answers with tokens, or by calls of `identify`. */
export class PageCustomer {
  readonly #host: Host;
  readonly #changed: () => void;
  #from: string | undefined;
  #identify: Identify | undefined;
  #isCalled = false;

  constructor(host: Host, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  /** Undefined: the page says nothing. What was said by a call stays, whatever the attribute is. */
  readonly identify = (): Identify | undefined => {
    const url = this.#host.identityUrl;
    if (!this.#isCalled && url !== this.#from) {
      this.#from = url;
      this.#identify = url ? lateIdentity({ url: new URL(url, location.href).href }) : undefined;
    }
    return this.#identify;
  };

  is(token: string, refresh?: () => Promise<string> | string): void {
    this.#isCalled = true;
    this.#identify = lateIdentity({ token, refresh });
    this.#changed();
  }

  /** Nobody, until the page says somebody again: the site may still be signing out. */
  isNobody(): void {
    this.#isCalled = true;
    this.#identify = undefined;
    emptyField(this.#host);
  }
}
