import type { DocumentChange } from "../../documents/ports.ts";

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

/** How passwords are kept: slow on purpose. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(given: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

/** The sign-in library's own (scrypt, on Node's thread pool). Loaded when first needed. */
export const scryptPasswords: PasswordHashing = {
  hash: async (password) => (await import("better-auth/crypto")).hashPassword(password),
  verify: async (given) => (await import("better-auth/crypto")).verifyPassword(given),
};
