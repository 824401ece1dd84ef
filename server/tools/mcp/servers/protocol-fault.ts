/** What is wrong with an era and a transport together; undefined: nothing. Takes what was written, with its defaults. */
export function protocolFault({
  transport,
  protocol,
}: {
  readonly transport?: unknown;
  readonly protocol?: unknown;
}): { readonly path: readonly ["protocol"]; readonly found: string; readonly expected: string } | undefined {
  if (transport !== "sse" || protocol !== "2026-07-28") return undefined;
  return {
    path: ["protocol"],
    found: '"2026-07-28" with the transport "sse"',
    expected: '"auto" or "legacy", since SSE is a transport of the legacy era, or the transport "streamable-http"',
  };
}
