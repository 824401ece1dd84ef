import { createHash } from "node:crypto";
import { InvalidGrantError, InvalidTargetError, InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import type { AuthorizationParams, OAuthServerProvider } from "@modelcontextprotocol/sdk/server/auth/provider.js";
import type { AuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import type { OAuthClientInformationFull, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import type { Response } from "express";
import { signInPage } from "./sign-in-page.ts";

/** What the sign-in takes from outside. */
export interface SignInOptions {
  /** Names of the members by id. */
  readonly members: ReadonlyMap<string, { readonly name: string }>;
  /** The MCP endpoint that tokens are for. */
  readonly resource: URL;
  readonly tokenSeconds: number;
  readonly now: () => number;
  readonly newId: () => string;
}

interface Wish extends AuthorizationParams {
  readonly client: OAuthClientInformationFull;
  memberId?: string;
}

interface Grant {
  readonly clientId: string;
  readonly memberId: string;
  readonly scopes: readonly string[];
  /** Every refresh makes a new family member; using an old one again ends the family. */
  readonly family: string;
}

/**
 * The club's own authorization server, in memory: members choose who they are on a page, clients register themselves,
 * access tokens end soon and refresh tokens are good once. A used refresh token ends all tokens of that sign-in.
 */
export class SignIn implements OAuthServerProvider {
  readonly #options: SignInOptions;
  readonly #clients = new Map<string, OAuthClientInformationFull>();
  readonly #wishes = new Map<string, Wish>();
  readonly #access = new Map<string, Grant & { expiresAt: number }>();
  readonly #refresh = new Map<string, Grant>();
  readonly #used = new Map<string, string>();
  /** How often tokens were refreshed, for tests. */
  refreshes = 0;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  readonly clientsStore = {
    getClient: (clientId: string) => this.#clients.get(clientId),
    registerClient: (client: Omit<OAuthClientInformationFull, "client_id" | "client_id_issued_at">) => {
      const registered = { ...client, client_id: this.#options.newId(), client_id_issued_at: Math.floor(this.#options.now() / 1000) };
      this.#clients.set(registered.client_id, registered);
      return registered;
    },
  };

  /** Shows the page on which a member says who they are. */
  async authorize(client: OAuthClientInformationFull, parameters: AuthorizationParams, response: Response): Promise<void> {
    if (parameters.resource !== undefined && parameters.resource.href !== this.#options.resource.href)
      throw new InvalidTargetError(`Tokens are only given for ${this.#options.resource.href}.`);
    const code = this.#options.newId();
    this.#wishes.set(code, { ...parameters, client });
    response
      .set("Cache-Control", "no-store")
      .type("html")
      .send(signInPage({ code, client: client.client_name ?? "An application", members: this.#options.members }));
  }

  /** The member's choice; answers with where the browser goes next. `undefined`: the wish is not known any more. */
  choose(code: string, memberId: string | undefined, issuer: string): URL | undefined {
    const wish = this.#wishes.get(code);
    if (wish === undefined) return undefined;
    const back = new URL(wish.redirectUri);
    if (wish.state !== undefined) back.searchParams.set("state", wish.state);
    back.searchParams.set("iss", issuer);
    if (memberId !== undefined && this.#options.members.has(memberId)) {
      wish.memberId = memberId;
      back.searchParams.set("code", code);
    } else {
      this.#wishes.delete(code);
      back.searchParams.set("error", "access_denied");
    }
    return back;
  }

  async challengeForAuthorizationCode(_client: OAuthClientInformationFull, code: string): Promise<string> {
    const wish = this.#wishes.get(code);
    if (wish?.memberId === undefined) throw new InvalidGrantError("This code is not known.");
    return wish.codeChallenge;
  }

  async exchangeAuthorizationCode(
    client: OAuthClientInformationFull,
    code: string,
    _verifier?: string,
    redirectUri?: string,
  ): Promise<OAuthTokens> {
    const wish = this.#wishes.get(code);
    this.#wishes.delete(code);
    if (wish?.memberId === undefined || wish.client.client_id !== client.client_id || wish.redirectUri !== redirectUri)
      throw new InvalidGrantError("This code is not known.");
    const grant = { clientId: client.client_id, memberId: wish.memberId, scopes: wish.scopes ?? [], family: this.#options.newId() };
    return this.#issue(grant);
  }

  async exchangeRefreshToken(client: OAuthClientInformationFull, token: string): Promise<OAuthTokens> {
    const hash = hashOf(token);
    const family = this.#used.get(hash);
    if (family !== undefined) {
      this.#endFamily(family);
      throw new InvalidGrantError("This refresh token was used before, so the sign-in was ended.");
    }
    const grant = this.#refresh.get(hash);
    if (grant === undefined || grant.clientId !== client.client_id) throw new InvalidGrantError("This refresh token is not known.");
    this.#refresh.delete(hash);
    this.#used.set(hash, grant.family);
    this.refreshes += 1;
    return this.#issue(grant);
  }

  async verifyAccessToken(token: string): Promise<AuthInfo> {
    const found = this.#access.get(hashOf(token));
    if (found === undefined || found.expiresAt <= this.#options.now()) throw new InvalidTokenError("This token is not good any more.");
    return {
      token,
      clientId: found.clientId,
      scopes: [...found.scopes],
      expiresAt: Math.floor(found.expiresAt / 1000),
      resource: this.#options.resource,
      extra: { memberId: found.memberId },
    };
  }

  async revokeToken(_client: OAuthClientInformationFull, { token }: { token: string }): Promise<void> {
    const hash = hashOf(token);
    const grant = this.#access.get(hash) ?? this.#refresh.get(hash);
    if (grant !== undefined) this.#endFamily(grant.family);
  }

  /** Ends every sign-in of a member, as if they had done so in their account. */
  endMember(memberId: string): void {
    for (const tokens of [this.#access, this.#refresh])
      for (const [hash, grant] of tokens) if (grant.memberId === memberId) tokens.delete(hash);
  }

  #issue(grant: Grant): OAuthTokens {
    const access = this.#options.newId();
    const refresh = this.#options.newId();
    this.#access.set(hashOf(access), { ...grant, expiresAt: this.#options.now() + this.#options.tokenSeconds * 1000 });
    this.#refresh.set(hashOf(refresh), grant);
    return {
      access_token: access,
      token_type: "Bearer",
      expires_in: this.#options.tokenSeconds,
      refresh_token: refresh,
      scope: grant.scopes.join(" "),
    };
  }

  #endFamily(family: string): void {
    for (const tokens of [this.#access, this.#refresh])
      for (const [hash, grant] of tokens) if (grant.family === family) tokens.delete(hash);
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
