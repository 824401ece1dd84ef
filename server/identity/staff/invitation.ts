import type { DocumentChange } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { randomToken, tokenId } from "./one-time-token.ts";

/** How long an invitation can be used. */
const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;

export interface InvitationPorts {
  readonly clock: Clock;
  readonly token?: () => string;
}

/** A one-time link to set a password. The token is in the link only; its hash is kept. */
export interface Invitation {
  readonly token: string;
  readonly expiresAt: number;
}

/** An invitation, and the change that keeps it. */
export function newInvitation(
  personId: string,
  { clock, token: makeToken = randomToken }: InvitationPorts,
): { readonly invitation: Invitation; readonly change: DocumentChange } {
  const token = makeToken();
  const expiresAt = clock.now() + INVITATION_MS;
  return {
    invitation: { token, expiresAt },
    change: { do: "create", kind: "invitation", id: tokenId(token), parent: personId, body: {}, expiresAt },
  };
}
