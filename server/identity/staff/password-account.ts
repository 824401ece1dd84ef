import type { DocumentChange } from "../../documents/ports.ts";

/** The sign-in library's provider name for passwords. */
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

/** The sign-in library's own hashing (scrypt, on Node's thread pool), loaded when it is first needed. */
export const scryptPasswords: PasswordHashing = {
  hash: async (password) => (await import("better-auth/crypto")).hashPassword(password),
  verify: async (given) => (await import("better-auth/crypto")).verifyPassword(given),
};
