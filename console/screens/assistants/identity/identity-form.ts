import type { AssistantIdentity, ReplaceAssistantIdentityBody } from "../../../api/types.ts";

export const ALGORITHMS = ["HS256", "EdDSA", "ES256", "RS256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A key as the form has it. Of a kept secret the value is not known here: an empty one leaves it as it is. */
export interface KeyRow {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly secret: string;
  readonly publicKey: string;
  readonly isKept: boolean;
  /** The secret was made here, and is shown until it is saved. */
  readonly isMade: boolean;
}

export interface IdentityForm {
  readonly mode: AssistantIdentity["mode"];
  readonly keys: readonly KeyRow[];
  readonly jwksUrl: string;
  readonly prompt: readonly string[];
}

export const NEW_IDENTITY: IdentityForm = { mode: "off", keys: [], jwksUrl: "", prompt: [] };
export const NEW_KEY: KeyRow = { kid: "", algorithm: "HS256", secret: "", publicKey: "", isKept: false, isMade: false };

const FIELDS = ["/mode", "/keys", "/jwksUrl", "/prompt"];

export function isIdentityField(path: string): boolean {
  return FIELDS.some((field) => path === field || path.startsWith(`${field}/`));
}

export function identityForm({ mode, keys, jwksUrl = "", prompt }: AssistantIdentity): IdentityForm {
  const rows = keys.map((key) => {
    const publicKey = "publicKey" in key ? key.publicKey : "";
    return { ...NEW_KEY, kid: key.kid, algorithm: key.algorithm, publicKey, isKept: true };
  });
  return { mode, keys: rows, jwksUrl, prompt };
}

/** As it is typed: a text field that is empty has no value. */
export type TypedIdentity = Omit<IdentityForm, "jwksUrl"> & Partial<Pick<IdentityForm, "jwksUrl">>;

/** Everything is sent, for it replaces what there was; a secret only if it was typed or made. */
export function identityBody({ mode, keys, jwksUrl = "", prompt }: TypedIdentity): ReplaceAssistantIdentityBody {
  const sent = keys.map(({ kid, algorithm, secret, publicKey }) => {
    if (algorithm !== "HS256") return { kid: kid.trim(), algorithm, publicKey: publicKey.trim() };
    return { kid: kid.trim(), algorithm, ...(secret === "" ? {} : { secret }) };
  });
  const facts = prompt.map((fact) => fact.trim()).filter((fact) => fact !== "");
  return { mode, keys: sent, prompt: facts, ...(jwksUrl.trim() === "" ? {} : { jwksUrl: jwksUrl.trim() }) };
}

const SECRET_BYTES = 32;

/** As `openssl rand -base64 32` makes it. */
export function makeSecret(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(SECRET_BYTES))));
}
