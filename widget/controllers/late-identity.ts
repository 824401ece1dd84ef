import type { SaidOfCustomer } from "./site-identity.ts";

/**
 * What the site says of its customer at this moment, as a signed token; undefined: nobody is signed in there. `anew`:
 * the last token does no longer. Rejects when it cannot be known now.
 */
export type Identify = (anew?: boolean) => Promise<string | undefined>;

/** Most pages say nothing of their customers, so how they do comes with the first hello that needs it. */
export function lateIdentity(said: SaidOfCustomer): Identify {
  let made: Promise<Identify> | undefined;
  return async (anew) => (await (made ??= import("./site-identity.ts").then(({ identifyBy }) => identifyBy(said))))(anew);
}
