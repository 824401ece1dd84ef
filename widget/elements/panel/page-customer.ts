import { type Identify, lateIdentity } from "../../controllers/late-identity.ts";

/** Who the page says that its customer is: by an address that answers with tokens, or by calls of `identify`. */
export class PageCustomer {
  readonly #url: () => string | undefined;
  #from: string | undefined;
  #identify: Identify | undefined;
  #isCalled = false;

  constructor(url: () => string | undefined) {
    this.#url = url;
  }

  /** Undefined: the page says nothing. What was said by a call stays, whatever the attribute is. */
  readonly identify = (): Identify | undefined => {
    const url = this.#url();
    if (!this.#isCalled && url !== this.#from) {
      this.#from = url;
      this.#identify = url ? lateIdentity({ url: new URL(url, location.href).href }) : undefined;
    }
    return this.#identify;
  };

  is(token: string, refresh?: () => Promise<string> | string): void {
    this.#isCalled = true;
    this.#identify = lateIdentity({ token, refresh });
  }

  /** Nobody, until the page says somebody again: the site may still be signing out. */
  isNobody(): void {
    this.#isCalled = true;
    this.#identify = undefined;
  }
}
