import type { DocumentChange } from "../registry/ports.ts";

/** The provider's name of passwords, in the words of the sign-in library. */
const PASSWORD = "credential";

/** Sets or replaces a person's password. */
export function passwordAccount(personId: string, passwordHash: string): DocumentChange {
  return {
    do: "replace",
    orCreate: true,
    kind: "staff-account",
    id: `${PASSWORD}/${personId}`,
    parent: personId,
    body: { userId: personId, providerId: PASSWORD, accountId: personId, password: passwordHash },
  };
}

/** As the sign-in library hashes and checks them (scrypt). Loaded when first needed. */
export async function hashPassword(password: string): Promise<string> {
  return (await import("better-auth/crypto")).hashPassword(password);
}
