/** A random id as the protocol wants it. `crypto.randomUUID` exists on secure pages only, `getRandomValues` on all. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Not `Array.from`: old libraries have one of their own, which maps nothing.
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
