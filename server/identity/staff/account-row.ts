/** How a row of the sign-in library becomes a document, and how it is read back. */
import * as z from "zod";
import type { DocumentKind, StoredDocument } from "../../documents/ports.ts";
import type { Condition } from "./account-conditions.ts";
import { tokenId } from "./one-time-token.ts";

/** The sign-in library's tables → the documents that hold their rows. */
const KINDS: Readonly<Record<string, DocumentKind>> = {
  user: "person",
  account: "staff-account",
  session: "staff-session",
  verification: "staff-verification",
};

export type Row = Record<string, unknown>;
export const rowSchema = z.record(z.string(), z.unknown());

export function kindOf(model: string): DocumentKind {
  const kind = KINDS[model];
  if (kind === undefined) throw new Error(`The sign-in library asked for the table "${model}", which does not exist here.`);
  return kind;
}

/** Sessions are found by the hash of their token. */
export function hashed(condition: Condition): Condition {
  const { field, value } = condition;
  if (field !== "token") return condition;
  return { ...condition, value: Array.isArray(value) ? value.map((one) => tokenId(String(one))) : tokenId(String(value)) };
}

export function equalTo(where: readonly Condition[], field: string): string | undefined {
  if (where.some(({ connector }) => connector === "OR")) return undefined;
  const value = where.find((condition) => condition.field === field && (condition.operator ?? "eq") === "eq")?.value;
  return typeof value === "string" ? value : undefined;
}

export function rowOf(document: StoredDocument): Row {
  return {
    id: document.id,
    createdAt: new Date(document.createdAt).toISOString(),
    updatedAt: new Date(document.updatedAt).toISOString(),
    ...rowSchema.parse(document.body),
    ...(document.kind === "staff-session" ? { token: document.id } : {}),
  };
}

/**
 * A row as it is kept. What the document itself knows is not kept twice. A session's token is not kept at all, and
 * neither are the identity provider's tokens: nothing asks the provider anything after the sign-in.
 */
export function bodyOf(kind: DocumentKind, row: Row): { body: Row; parent?: string; expiresAt?: number } {
  const left = new Set(NOT_KEPT[kind]);
  const { userId, expiresAt, userAgent } = row;
  const short = typeof userAgent === "string" ? { userAgent: userAgent.slice(0, LONGEST_USER_AGENT) } : {};
  return {
    body: { ...Object.fromEntries(Object.entries(row).filter(([name]) => !left.has(name))), ...short },
    ...(typeof userId === "string" ? { parent: userId } : {}),
    ...(typeof expiresAt === "string" ? { expiresAt: Date.parse(expiresAt) } : {}),
  };
}

/** Browsers say less than this; others may say anything. */
const LONGEST_USER_AGENT = 300;

const NOT_KEPT: Readonly<Partial<Record<DocumentKind, readonly string[]>>> = {
  person: ["id", "createdAt", "updatedAt"],
  "staff-session": ["token", "createdAt", "updatedAt"],
  "staff-account": ["accessToken", "refreshToken", "idToken", "createdAt", "updatedAt"],
};
