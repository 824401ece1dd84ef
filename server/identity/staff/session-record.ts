import * as z from "zod";
import { type DocumentStore, DocumentConflictError, type StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { readUserAgent } from "./user-agent.ts";

/** How exact `lastSeenAt` is. */
const USE_NOTED_EVERY_MS = 5 * 60_000;

/** The body of a `staff-session` document, as far as we read it; the sign-in library has more in it. */
const sessionBody = z.looseObject({ id: z.string(), userAgent: z.string().nullish(), lastSeenAt: z.number().optional() });

/** A session as people see it. Its token is nowhere but in the cookie. */
export interface Session {
  readonly id: string;
  readonly createdAt: number;
  /** Exact to five minutes. */
  readonly lastSeenAt: number;
  readonly expiresAt: number | undefined;
  /** Such as `Firefox 152`; undefined: it did not say, or it is no browser that we know. */
  readonly browser: string | undefined;
  readonly system: string | undefined;
}

export function sessionIdOf(document: StoredDocument): string {
  return sessionBody.parse(document.body).id;
}

export function sessionOf(document: StoredDocument): Session {
  const { id, userAgent, lastSeenAt } = sessionBody.parse(document.body);
  const { createdAt, updatedAt, expiresAt } = document;
  return { id, createdAt, lastSeenAt: lastSeenAt ?? updatedAt, expiresAt, ...readUserAgent(userAgent ?? "") };
}

/** Notes now and then that a session is used. A session that cannot be noted is used all the same. */
export async function noteUse(
  session: StoredDocument,
  { documents, clock }: { readonly documents: Pick<DocumentStore, "write">; readonly clock: Pick<Clock, "now"> },
): Promise<void> {
  const at = clock.now();
  const body = sessionBody.parse(session.body);
  if (at - (body.lastSeenAt ?? session.createdAt) < USE_NOTED_EVERY_MS) return;
  const { kind, id, version } = session;
  try {
    await documents.write([{ do: "replace", kind, id, body: { ...body, lastSeenAt: at }, ifVersion: version }], { at });
  } catch (error) {
    // Another request noted it, or it has just ended.
    if (!(error instanceof DocumentConflictError)) throw error;
  }
}
