import { RequestError } from "../../../protocol/errors.ts";

/** Why a token was not taken, in words for the site's owner; none of them tells a stranger more than they sent. */
export function refusedIdentity(detail: string): RequestError {
  return new RequestError("identity-refused", { detail });
}

export function expiredIdentity(): RequestError {
  return new RequestError("identity-expired", {
    detail: "The token of data-identity-url, or of identify(), is past its exp. A fresh one is needed.",
  });
}
