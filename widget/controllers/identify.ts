/** How a page says who its customer is: an address that answers with a token, or a token, and how to get the next. */
export type SaidOfCustomer =
  | { readonly url: string }
  | { readonly token: string; readonly refresh: (() => Promise<string | undefined> | string | undefined) | undefined };

/**
 * What the site says of its customer at this moment, as a signed token; undefined: nobody is signed in there. `anew`:
 * the last token does no longer. Rejects when it cannot be known now.
 */
export type Identify = (anew?: boolean) => Promise<string | undefined>;
