import { RequestError } from "../../../protocol/errors.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { CallList } from "../../inbox/calls.ts";

export interface ServerUsePorts {
  readonly documents: DocumentStore;
  readonly calls: Pick<CallList, "listCalls">;
  /** The keys of the assistants that have it. */
  usedBy(key: string): Promise<readonly string[]> | readonly string[];
}

/** Throws `in-use` while an assistant has the server. `advice` is added to the message. */
export async function refuseAssigned(key: string, ports: ServerUsePorts, advice: string): Promise<void> {
  const assistants = await ports.usedBy(key);
  if (assistants.length === 0) return;
  const names = assistants.map((one) => `"${one}"`).join(", ");
  throw new RequestError("in-use", { detail: `The server "${key}" belongs to the assistants ${names}. ${advice}` });
}

/** Throws `in-use` if anything refers to the server by its identifier. */
export async function refuseEverUsed(key: string, ports: ServerUsePorts, now: number): Promise<void> {
  const fixed = "An identifier that was used cannot be changed.";
  await refuseAssigned(key, ports, fixed);
  const { documents } = ports;
  const [called, connections, shares] = await Promise.all([
    ports.calls.listCalls({ limit: 1, filter: { server: key } }),
    documents.list("connection", { parent: key, limit: 1, now }),
    documents.list("share", { parent: `mcp-server/${key}`, limit: 1, now }),
  ]);
  if (called.length > 0) throw new RequestError("in-use", { detail: `Its tools have been called. ${fixed}` });
  if (connections.length > 0) throw new RequestError("in-use", { detail: `It has connections. ${fixed}` });
  if (shares.length > 0) throw new RequestError("in-use", { detail: `It is shared with somebody. ${fixed}` });
}
