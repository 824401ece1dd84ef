import type { Clock } from "../../foundation/clock.ts";
import type { DocumentKind, DocumentStore } from "../../documents/ports.ts";
import type { Staff } from "./actions.ts";
import type { ApiKeys } from "./api-keys.ts";
import { ADMIN_KEY, type Credentials } from "./authenticate.ts";
import { tokenId } from "./one-time-token.ts";
import { type CookiePlace, readSessionToken, sessionCookieName } from "./session-cookie.ts";
import { createStaffDirectory } from "./staff-directory.ts";

/** Who somebody is for as long as a connection lasts, and the documents that this stands on. */
export interface LastingSignIn {
  readonly staff: Staff;
  /** When one of these changes or goes, look again. */
  readonly standsOn: readonly { readonly kind: DocumentKind; readonly id: string }[];
  /** Milliseconds since 1970; undefined: it ends by a change only. */
  readonly expiresAt: number | undefined;
}

export interface LastingSignIns {
  /** Undefined: nobody. Throws `RequestError` `too-many-attempts`, as each request does. */
  begin(given: Credentials): Promise<LastingSignIn | undefined>;
  /** As it is now, with the present rights; undefined: it is over. Writes nothing. */
  again(signIn: LastingSignIn): Promise<LastingSignIn | undefined>;
}

export interface LastingSignInsPorts {
  readonly documents: Pick<DocumentStore, "get">;
  readonly clock: Pick<Clock, "now">;
  readonly apiKeys: Pick<ApiKeys, "find">;
  readonly authenticate: (given: Credentials) => Promise<Staff | undefined>;
  readonly sessionSecret: string;
  readonly place: CookiePlace;
}

/** The kinds of documents that sign-ins stand on. */
export const SIGN_IN_KINDS: readonly DocumentKind[] = ["staff-session", "person", "api-key"];

/** Sign-ins for connections that outlast a request. Neither the cookie nor the key is kept, only what they led to. */
export function createLastingSignIns(ports: LastingSignInsPorts): LastingSignIns {
  const { documents, clock, apiKeys, authenticate } = ports;
  const cookie = { name: sessionCookieName(ports.place), secret: ports.sessionSecret };
  const people = createStaffDirectory({ documents, clock });

  const ofKey = async (id: string): Promise<LastingSignIn | undefined> => {
    if (id === ADMIN_KEY.id) return { staff: ADMIN_KEY, standsOn: [], expiresAt: undefined };
    const [staff, document] = await Promise.all([apiKeys.find(id), documents.get("api-key", id, clock.now())]);
    if (staff === undefined || document === undefined) return undefined;
    return { staff, standsOn: [{ kind: "api-key", id }], expiresAt: document.expiresAt };
  };
  const ofSession = async (id: string, session: string | undefined): Promise<LastingSignIn | undefined> => {
    const document = await documents.get("staff-session", id, clock.now());
    if (document?.parent === undefined) return undefined;
    const person = await people.find(document.parent);
    if (person === undefined) return undefined;
    const staff = session === undefined ? person : { ...person, session };
    const standsOn = [
      { kind: "staff-session", id },
      { kind: "person", id: person.id },
    ] as const;
    return { staff, standsOn, expiresAt: document.expiresAt };
  };

  return {
    async begin(given) {
      const staff = await authenticate(given);
      if (staff === undefined) return undefined;
      if (staff.kind === "key") return ofKey(staff.id);
      const token = readSessionToken(given.cookie, cookie);
      return token === undefined ? undefined : ofSession(tokenId(token), staff.session);
    },
    again({ staff, standsOn }) {
      if (staff.kind === "key") return ofKey(staff.id);
      const session = standsOn.find(({ kind }) => kind === "staff-session");
      return session === undefined ? Promise.resolve(undefined) : ofSession(session.id, staff.session);
    },
  };
}
