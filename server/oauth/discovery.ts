import type { Clock } from "../foundation/clock.ts";
import { originOf, readAuthorizationServer, type AuthorizationServer } from "./authorization-server.ts";
import type { Challenge } from "./challenge.ts";
import type { Fetch } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { probeChallenge, readProtectedResource } from "./protected-resource.ts";
import { resourceOf } from "./resource.ts";
import { SignInError } from "./sign-in-error.ts";

/** How to sign in at an MCP server, as of now. */
export interface Discovered {
  readonly authorizationServer: AuthorizationServer;
  readonly resource: string;
  /**
   * The scopes that the server asks for: those of its challenge, otherwise all that its metadata names, otherwise
   * undefined.
   */
  readonly scopes: readonly string[] | undefined;
}

export interface Discovery {
  /**
   * Asks the MCP server and its authorization server again. `preferred`: issuers that were used before. Throws
   * `SignInError`.
   */
  ofServer(settings: OAuthServerSettings, preferred: readonly string[]): Promise<Discovered>;
  /** The authorization server of an existing connection, kept for a while. Throws `SignInError`. */
  ofIssuer(issuer: string): Promise<AuthorizationServer>;
  /**
   * The scopes that the server asks for, for the card: from what is known, otherwise asked for once in a while. Never
   * throws.
   */
  scopesOf(settings: OAuthServerSettings): Promise<readonly string[]>;
  /** Notes the challenge with which a server refused a request. The next sign-in starts from it. */
  remember(settings: OAuthServerSettings, challenge: Challenge): void;
}

const KEPT_MS = 10 * 60_000;
const KEPT_ENTRIES = 1_000;
/** How long a call waits to learn which scopes a server will ask for. */
const SCOPES_MS = 3_000;

export function createDiscovery(ports: { readonly fetch: Fetch; readonly clock: Clock }): Discovery {
  const { fetch, clock } = ports;
  const issuers = new Kept<Promise<AuthorizationServer>>(clock);
  const scopes = new Kept<Promise<readonly string[]>>(clock);
  const challenges = new Kept<Challenge>(clock);

  /** What is known about the server's scopes: a recent challenge says more than a probe. */
  const askServer = async (settings: OAuthServerSettings) => {
    const probed = await probeChallenge(fetch, settings.url);
    const challenge = { ...challenges.get(settings.url), ...probed };
    return { challenge, resource: await readProtectedResource(fetch, settings.url, challenge) };
  };

  const discovery: Discovery = {
    async ofServer(settings, preferred) {
      const { challenge, resource } = await askServer(settings);
      const listed = resource?.authorizationServers ?? [new URL(settings.url).origin];
      const authorizationServer = await firstUsable(inOrder(settings, listed, preferred), (issuer) =>
        readAuthorizationServer(fetch, issuer),
      );
      issuers.set(authorizationServer.issuer, Promise.resolve(authorizationServer));
      const asked = challenge.scopes ?? resource?.scopes;
      scopes.set(settings.url, Promise.resolve(asked ?? []));
      return { authorizationServer, resource: resource?.resource ?? resourceOf(settings.url), scopes: asked };
    },
    ofIssuer: (issuer) => issuers.orMake(issuer, () => readAuthorizationServer(fetch, issuer)),
    async scopesOf(settings) {
      const asked = scopes.orMake(settings.url, async () => {
        const { challenge, resource } = await askServer(settings);
        return challenge.scopes ?? resource?.scopes ?? [];
      });
      // The card works without them: the sign-in finds the scopes again when it starts.
      const late = new Promise<readonly string[]>((resolve) => void clock.after(SCOPES_MS, () => resolve([])));
      return Promise.race([asked.catch(() => []), late]);
    },
    remember: (settings, challenge) => {
      challenges.set(settings.url, challenge);
      if (challenge.scopes !== undefined) scopes.set(settings.url, Promise.resolve(challenge.scopes));
    },
  };
  return discovery;
}

function inOrder(settings: OAuthServerSettings, listed: readonly string[], preferred: readonly string[]): readonly string[] {
  if (settings.issuer !== undefined) {
    if (listed.includes(settings.issuer)) return [settings.issuer];
    throw new SignInError(
      "metadata",
      `${settings.name} no longer names ${originOf(settings.issuer)} as its authorization server. Choose another one in the server's settings.`,
    );
  }
  const known = listed.filter((issuer) => preferred.includes(issuer));
  return [...known, ...listed.filter((issuer) => !known.includes(issuer))];
}

/** The first usable authorization server. Throws what is wrong with the first one if none is usable. */
async function firstUsable(
  issuers: readonly string[],
  read: (issuer: string) => Promise<AuthorizationServer>,
): Promise<AuthorizationServer> {
  let firstError: unknown;
  for (const issuer of issuers) {
    try {
      return await read(issuer);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      firstError ??= error;
    }
  }
  throw firstError ?? new SignInError("metadata", "The MCP server names no authorization server.");
}

/** Keeps answers for a while. */
class Kept<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#clock.now() ? entry.value : undefined;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#clock.now() + KEPT_MS });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > KEPT_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** The kept value, otherwise the answer of `make`. A failure is not kept. */
  orMake<Made>(this: Kept<Promise<Made>>, key: string, make: () => Promise<Made>): Promise<Made> {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    this.set(key, made);
    made.catch(() => this.delete(key));
    return made;
  }
}
