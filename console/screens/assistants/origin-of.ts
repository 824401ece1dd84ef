/** What people paste is an address; what is allowed is its origin. What is no address stays, for the server to refuse. */
export function originOf(typed: string): string {
  const text = typed.trim();
  if (text === "" || text === "*" || text.includes("://*.")) return text;
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
    return /^https?:$/.test(url.protocol) ? url.origin : text;
  } catch {
    return text;
  }
}
