/** What keeps a request from arriving, by the network's own code: none of it got to the other side. */
export const UNREACHED: Readonly<Record<string, string>> = {
  ENOTFOUND: "its host name is not known",
  EAI_AGAIN: "its host name could not be looked up",
  ECONNREFUSED: "the connection was refused",
  EHOSTUNREACH: "its host cannot be reached",
  ENETUNREACH: "its network cannot be reached",
  UND_ERR_CONNECT_TIMEOUT: "the connection took too long",
};

/** An error and what caused it, from the outside in; the first few errors of a group are among them. */
export function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let current = error; current !== undefined && current !== null && chain.length < 8 && !chain.includes(current);) {
    chain.push(current);
    if (current instanceof AggregateError) chain.push(...(current.errors as unknown[]).slice(0, 4));
    current = current instanceof Error ? current.cause : undefined;
  }
  return chain;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
