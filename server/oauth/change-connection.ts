import { DocumentConflictError, type DocumentStore } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";
import { auditView, type Connection, type ConnectionRecord, connectionOf, keepConnection, SYSTEM } from "./connection-record.ts";

export interface ConnectionChangePorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
}

/**
 * Changes a connection as long as it holds the tokens that we know. An unrelated change in the meantime must not cost
 * us a refresh token that the server gives only once. False: other tokens are there now, and those count.
 */
export async function changeConnection(
  { documents, clock }: ConnectionChangePorts,
  known: Connection,
  change: (record: ConnectionRecord) => ConnectionRecord,
  action?: string,
): Promise<boolean> {
  for (;;) {
    const document = await documents.get("connection", known.id, clock.now());
    const found = document === undefined ? undefined : connectionOf(document);
    if (found === undefined || found.record.secrets !== known.record.secrets) return false;
    const after = change(found.record);
    const target = { kind: "connection", id: known.id };
    const audit = action === undefined ? [] : [{ by: SYSTEM, action, target, before: auditView(found.record), after: auditView(after) }];
    try {
      await documents.write([keepConnection(known.id, after, found.version)], { at: clock.now(), audit });
      return true;
    } catch (error) {
      if (!(error instanceof DocumentConflictError)) throw error;
    }
  }
}
