import type { Identify, SaidOfCustomer } from "./identify.ts";

/** Most pages say nothing of their customers, so how they do comes with the first hello that needs it. */
export function lateIdentity(said: SaidOfCustomer): Identify {
  let made: Promise<Identify> | undefined;
  return async (anew) => (await (made ??= import("./site-identity.ts").then(({ identifyBy }) => identifyBy(said))))(anew);
}
