/** The keys of assistants that were deleted: their conversations stay, and must not come to be somebody else's. */
import * as z from "zod";
import type { DocumentChange, DocumentStore } from "../../documents/ports.ts";
import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { ConversationCounter } from "./assistant-ports.ts";
import { type AssistantRecord, isOwner, ownerSchema } from "./assistant-record.ts";

const reservedSchema = z.object({ owner: ownerSchema, name: z.string(), lastVersion: z.int() });

export interface ReservedKeysPorts {
  readonly documents: DocumentStore;
  readonly conversations: ConversationCounter;
  readonly clock: Pick<Clock, "now">;
}

/** A key that may be used. */
export interface FreeKey {
  /** The newest version of the assistant that had it; 0: none had. */
  readonly lastVersion: number;
  /** Written with whatever is made. They fail when the key was reserved meanwhile. */
  readonly changes: readonly DocumentChange[];
}

export function reserveKey({
  key,
  owner,
  settings,
  number,
}: Pick<AssistantRecord, "owner" | "settings"> & { readonly key: string; readonly number: number }): DocumentChange {
  const body = { owner, name: settings.name, lastVersion: number };
  return { do: "replace", orCreate: true, kind: "assistant-key", id: key, body };
}

/**
 * Whoever owned the deleted assistant may use its key again, and an admin who says so (`reuse`). Throws `RequestError`
 * `already-exists` with the reason.
 */
export async function freeKey(
  staff: Staff,
  { key, reuse }: { key: string; reuse: boolean },
  { documents, conversations, clock }: ReservedKeysPorts,
): Promise<FreeKey> {
  const now = clock.now();
  const found = await documents.get("assistant-key", key, now);
  const reserved = found === undefined ? undefined : reservedSchema.parse(found.body);
  const mayReuse = reuse && staff.roles.includes("admin");
  if (reserved !== undefined && !mayReuse && !isOwner(staff, reserved))
    throw taken(`The key ${key} was that of the assistant ${reserved.name} of ${reserved.owner.name}, which was deleted.`);
  if (found === undefined) {
    // Deleted before keys were reserved, or taken out of the configuration file.
    if (!mayReuse && (await conversations.countConversations(key, now)).total > 0)
      throw taken(`The key ${key} was that of an assistant that is no longer there.`);
    const id = { kind: "assistant-key", id: key } as const;
    return {
      lastVersion: 0,
      changes: [
        { do: "create", ...id, body: {} },
        { do: "delete", ...id },
      ],
    };
  }
  const changes = [{ do: "delete", kind: "assistant-key", id: key, ifVersion: found.version }] as const;
  return { lastVersion: reserved?.lastVersion ?? 0, changes };
}

function taken(reason: string): RequestError {
  return new RequestError("already-exists", {
    detail: `${reason} Its conversations would go on with the new one. Choose another key; its owner may use it again, and an admin with "reuseKey": true.`,
  });
}
