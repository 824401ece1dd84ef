import * as z from "zod";
import { DocumentConflictError, type DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";

/** How push services know this server (RFC 8292). */
export interface PushKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const keysBody = z.object({ publicKey: z.string(), privateKey: z.string() });
const ID = "server";
const PLACE = `push-keys/${ID}/privateKey`;

/** The keys, made when they are first needed. Browsers that subscribed under other keys would have to do so again. */
export async function pushKeys(ports: {
  readonly documents: Pick<DocumentStore, "get" | "write">;
  readonly box: SecretBox;
  readonly clock: Pick<Clock, "now">;
  readonly generate: () => Promise<PushKeys>;
}): Promise<PushKeys> {
  const { documents, box, clock } = ports;
  const kept = async (): Promise<PushKeys | undefined> => {
    const found = await documents.get("push-keys", ID, clock.now());
    if (found === undefined) return undefined;
    const { publicKey, privateKey } = keysBody.parse(found.body);
    return { publicKey, privateKey: box.open(privateKey, PLACE) };
  };
  const found = await kept();
  if (found !== undefined) return found;
  const made = await ports.generate();
  const body = { publicKey: made.publicKey, privateKey: box.seal(made.privateKey, PLACE) };
  try {
    await documents.write([{ do: "create", kind: "push-keys", id: ID, body }], { at: clock.now() });
    return made;
  } catch (error) {
    const other = error instanceof DocumentConflictError ? await kept() : undefined;
    if (other === undefined) throw error;
    return other;
  }
}
