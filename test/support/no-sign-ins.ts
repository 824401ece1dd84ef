import { RequestError } from "../../protocol/errors.ts";
import type { SignIns } from "../../server/conversation/ports/sign-ins.ts";

/** For a server without personal connections: nobody has one, and none can be made. */
export const noSignIns: SignIns = {
  begin: () => Promise.reject(new RequestError("sign-in-unavailable", { detail: "This server has no personal connections." })),
  wasDeclined: () => Promise.resolve(false),
  list: () => Promise.resolve([]),
  remove: () => Promise.reject(new RequestError("unknown-connection")),
};
