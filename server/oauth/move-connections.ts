import type { DocumentChange, DocumentStore } from "../documents/ports.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import { connectionId, connectionOf, keepConnection, openSecrets, sealSecrets } from "./connection-record.ts";

/**
 * What makes one customer's sign-ins at these servers another's, who is the same person. A sign-in that the other one
 * has already stays, and the first one's ends. Throws `SecretBoxError`.
 */
export async function moveConnections(
  servers: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
  { documents, box, now }: { readonly documents: Pick<DocumentStore, "get">; readonly box: SecretBox; readonly now: number },
): Promise<readonly DocumentChange[]> {
  const moves = servers.map(async (server): Promise<readonly DocumentChange[]> => {
    const [old, id] = [from, to].map((customer) => connectionId(server, { kind: "customer", id: customer })) as [string, string];
    const [found, there] = await Promise.all([documents.get("connection", old, now), documents.get("connection", id, now)]);
    if (found === undefined) return [];
    const { record, version } = connectionOf(found);
    const gone: DocumentChange = { do: "delete", kind: "connection", id: old, ifVersion: version };
    if (there !== undefined) return [gone];
    // Secrets are sealed for their place, and this is another one.
    const secrets = sealSecrets(box, id, openSecrets(box, connectionOf(found)));
    const { lease: _lease, ...kept } = record;
    return [gone, keepConnection(id, { ...kept, owner: { kind: "customer", id: to }, secrets })];
  });
  return (await Promise.all(moves)).flat();
}
