/** A JSON-RPC request that is about to leave in a POST. */
export interface AskedRequest {
  readonly id: string | number;
  readonly method: string;
}

/** Undefined: it waits for no answer, or it is none of ours. */
export function askedRequest(init: RequestInit | undefined): AskedRequest | undefined {
  if (init?.method !== "POST" || typeof init.body !== "string") return undefined;
  const message: unknown = JSON.parse(init.body);
  if (typeof message !== "object" || message === null || !("id" in message) || !("method" in message)) return undefined;
  const { id, method } = message;
  return (typeof id === "string" || typeof id === "number") && typeof method === "string" ? { id, method } : undefined;
}
