import type { ConnectionNeed } from "../../conversation/ports/tools.ts";
import type { HostedServer } from "./hosted-servers.ts";
import type { SignedBy } from "./wire/authorized-fetch.ts";

/** A server, and how one conversation may use it. */
export interface Access {
  readonly server: HostedServer;
  /** Absent: it has no sign-in, or none but what its headers say. */
  readonly signedBy?: SignedBy;
}

/** The sign-in without which nothing is known of a server. */
export interface Lacking {
  readonly lacks: ConnectionNeed;
}

/** Whether the sign-in is the customer's own, and they can be asked for it. */
export function isPersonal({ signedBy }: Access): boolean {
  return signedBy?.owner.kind === "customer";
}

/** Whether both are the same server in the same revision, with the same person's sign-in. */
export function isSameAccess(left: Access, right: Access): boolean {
  return (
    left.server.settings.key === right.server.settings.key &&
    left.server.entry.revision === right.server.entry.revision &&
    ownerOf(left.signedBy) === ownerOf(right.signedBy)
  );
}

function ownerOf(signedBy: SignedBy | undefined): string {
  if (signedBy === undefined) return "";
  return signedBy.owner.kind === "shared" ? "shared" : `customer ${signedBy.owner.id}`;
}
