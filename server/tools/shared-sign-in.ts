import type { Fetch } from "./chat-fetch.ts";
import type { Authorizations } from "./ports.ts";

/**
 * A fetch that sends a server's shared sign-in with every request, where there is one; and asks once more with another token where the server refuses the
 * first. Without a sign-in the request goes without, so that the server's own answer is seen.
 */
export function sharedSignIn(fetch: Fetch, authorizations: Authorizations, server: string): Fetch {
  const owner = { kind: "shared" } as const;
  return async (url, init) => {
    const signal = init?.signal ?? undefined;
    const found = await authorizations.token(server, owner, signal);
    if ("need" in found) return fetch(url, init);
    const response = await fetch(url, withToken(init, found.token));
    if (response.status !== 401 && response.status !== 403) return response;
    const challenge = response.headers.get("www-authenticate") ?? undefined;
    const next = await authorizations.refused(server, owner, { status: response.status, challenge, token: found.token }, signal);
    if ("need" in next) return response;
    await response.body?.cancel().catch(() => undefined);
    return fetch(url, withToken(init, next.token));
  };
}

function withToken(init: RequestInit | undefined, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return { ...init, headers };
}
