import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";
import type { Fetch } from "./conversation-fetch.ts";
import { NeedsSignInError } from "./needs-sign-in-error.ts";
import type { Authorizations, ConnectionOwner } from "../servers/ports.ts";

/** How one link signs its requests. */
export interface SignedBy {
  readonly authorizations: Authorizations;
  readonly owner: ConnectionOwner;
}

/**
 * A fetch that sends a bearer token with every request to the server's own origin, and to no other (redirects are the
 * fetch's below, which takes it off). A request that is refused is sent once more if there is another token; otherwise
 * it fails with `NeedsSignInError`. `onToken` hears each token, so that a server cannot repeat it to anybody.
 */
export class AuthorizedFetch {
  /** What the last request of this link lacked: the event source keeps no cause of its errors. */
  lacks: ConnectionNeed | undefined;
  readonly #fetch: Fetch;
  readonly #server: { readonly key: string; readonly origin: string };
  readonly #by: SignedBy;
  readonly #onToken: (token: string) => void;

  constructor(fetch: Fetch, server: { key: string; url: string }, by: SignedBy, onToken: (token: string) => void) {
    this.#fetch = fetch;
    this.#server = { key: server.key, origin: new URL(server.url).origin };
    this.#by = by;
    this.#onToken = onToken;
  }

  readonly fetch: Fetch = async (url, init) => {
    if (new URL(url).origin !== this.#server.origin) return this.#fetch(url, init);
    const { authorizations, owner } = this.#by;
    const { key } = this.#server;
    const signal = init?.signal ?? undefined;
    const first = this.#use(await known(authorizations.token(key, owner, signal)));
    const response = await this.#send(url, init, first);
    if (response.status !== 401 && response.status !== 403) return response;
    const refusal = {
      status: response.status,
      challenge: response.headers.get("www-authenticate") ?? undefined,
      token: first,
    } as const;
    // A 403 that names no scope is about what was asked for, not about who asks.
    if (refusal.status === 403 && !/insufficient_scope/i.test(refusal.challenge ?? "")) return response;
    await response.body?.cancel().catch(() => undefined);
    const second = this.#use(await known(authorizations.refused(key, owner, refusal, signal)));
    return this.#send(url, init, second);
  };

  #use(answer: Awaited<ReturnType<Authorizations["token"]>>): string {
    if ("need" in answer) {
      this.lacks = answer.need;
      throw new NeedsSignInError(answer.need);
    }
    this.lacks = undefined;
    this.#onToken(answer.token);
    return answer.token;
  }

  #send(url: string | URL, init: RequestInit | undefined, token: string): Promise<Response> {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", `Bearer ${token}`);
    return this.#fetch(url, { ...init, headers });
  }
}

/** It cannot be known now whether there is a sign-in: the request was not sent, or was refused. */
class SignInUnknownError extends Error {
  override readonly name = "SignInUnknownError";
  readonly code = "SIGN_IN_UNKNOWN";
}

async function known<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new SignInUnknownError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
