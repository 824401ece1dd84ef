import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { AuditActor, DocumentStore } from "../documents/ports.ts";
import type { ConnectionOwner } from "../tools/mcp/servers/ports.ts";
import { originOf } from "./authorization-server.ts";
import { authorizationUrl, scopesToAsk } from "./authorization-url.ts";
import { joinScopes, splitScopes } from "./challenge.ts";
import type { ClientRegistration } from "./client-registration.ts";
import {
  auditView,
  type Connection,
  connectionId,
  connectionOf,
  type ConnectionRecord,
  keepConnection,
  sealSecrets,
} from "./connection-record.ts";
import type { Discovery } from "./discovery.ts";
import type { Fetch } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SignInError } from "./sign-in-error.ts";
import { checkIssuer, clientRecord, type StartedSignIn } from "./started-sign-in.ts";
import { requestTokens, type Tokens } from "./token-endpoint.ts";

export interface SignInFlowPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly discovery: Discovery;
  readonly registration: ClientRegistration;
  /** Called when a connection has new tokens. */
  readonly onChanged: (connectionId: string) => void;
}

interface Who {
  readonly settings: OAuthServerSettings;
  readonly owner: ConnectionOwner;
  readonly by: AuditActor;
}

const STEP_UPS_KEPT = 10;

/**
 * The authorization code grant with PKCE and the client credentials grant, from discovery to the stored connection. The
 * browser's part is elsewhere.
 */
export class SignInFlow {
  readonly #ports: SignInFlowPorts;
  constructor(ports: SignInFlowPorts) {
    this.#ports = ports;
  }

  /** Finds where to sign in, and as which client. Throws `SignInError`. */
  async start(request: {
    readonly settings: OAuthServerSettings;
    readonly owner: ConnectionOwner;
    readonly scopes: readonly string[];
  }): Promise<StartedSignIn> {
    const { settings, owner } = request;
    const { discovery, registration, clock } = this.#ports;
    const found = await discovery.ofServer(settings, await registration.issuers(settings.key));
    const server = found.authorizationServer;
    const { authorizationEndpoint } = server;
    if (authorizationEndpoint === undefined) {
      throw new SignInError(
        "metadata",
        `${originOf(server.issuer)} has no sign-in page. If it supports client credentials, choose that grant in the server's settings.`,
      );
    }
    if (!server.pkceMethods.includes("S256")) {
      throw new SignInError(
        "metadata",
        `${originOf(server.issuer)} does not support PKCE (S256), which every sign-in needs. It is not used.`,
      );
    }
    const earlier = await this.#find(connectionId(settings.key, owner));
    const before = earlier?.record.issuer === server.issuer ? earlier.record.requested : [];
    const scopes = scopesToAsk(server, joinScopes(before, request.scopes, enteredScopes(settings) ?? found.scopes ?? []));
    const client = await registration.clientFor(settings, server, {
      grant: "authorization_code",
    });
    const state = clock.id();
    const verifier = `${clock.id()}${clock.id()}${clock.id()}`;
    const url = authorizationUrl(authorizationEndpoint, { client, state, verifier, resource: found.resource, scopes });
    return {
      authorizationUrl: url,
      state,
      verifier,
      issuer: server.issuer,
      issParameter: server.issParameter,
      resource: found.resource,
      scopes: [...scopes],
      client: clientRecord(client),
    };
  }

  /**
   * Exchanges the code, once, at the issuer where the sign-in started, and keeps the connection. Throws `SignInError`.
   */
  async finish(who: Who, started: StartedSignIn, answer: { readonly code: string; readonly iss: string | undefined }): Promise<string> {
    checkIssuer(started, answer.iss);
    const { discovery, registration, fetch } = this.#ports;
    const server = await discovery.ofIssuer(started.issuer);
    const { id, secret, redirectUri, authMethod } = started.client;
    try {
      const tokens = await requestTokens(
        fetch,
        server,
        { id, secret, redirectUri, authMethod, scope: undefined },
        {
          grant_type: "authorization_code",
          code: answer.code,
          redirect_uri: redirectUri,
          code_verifier: started.verifier,
          resource: started.resource,
        },
      );
      return await this.#keep(who, "authorization_code", started, tokens);
    } catch (error) {
      if (error instanceof SignInError && error.code === "invalid_client") await registration.forget(who.settings, started.issuer, id);
      throw error;
    }
  }

  /** Signs in as the client itself, for a shared connection. Throws `SignInError`. */
  async connectClient(who: Who): Promise<string> {
    const { settings } = who;
    const { discovery, registration, fetch } = this.#ports;
    const found = await discovery.ofServer(settings, await registration.issuers(settings.key));
    const server = found.authorizationServer;
    const scopes = enteredScopes(settings) ?? found.scopes ?? [];
    const client = await registration.clientFor(settings, server, { grant: "client_credentials" });
    if (client.secret === undefined)
      throw new SignInError(
        "client",
        `Signing in to ${settings.name} as a client needs the client's secret. Enter it in the server's settings.`,
      );
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    const tokens = await requestTokens(fetch, server, client, { grant_type: "client_credentials", ...scope, resource: found.resource });
    const started = { issuer: server.issuer, resource: found.resource, scopes: [...scopes], client: clientRecord(client) };
    return this.#keep(who, "client_credentials", started, tokens);
  }

  async #keep(
    { settings, owner, by }: Who,
    grant: ConnectionRecord["grant"],
    started: Pick<StartedSignIn, "issuer" | "resource" | "scopes" | "client">,
    tokens: Tokens,
  ): Promise<string> {
    const { documents, box, clock, log, onChanged } = this.#ports;
    const id = connectionId(settings.key, owner);
    const now = clock.now();
    const earlier = await this.#find(id);
    const { id: clientId, secret: clientSecret, authMethod } = started.client;
    const record: ConnectionRecord = {
      server: settings.key,
      owner,
      grant,
      status: "connected",
      issuer: started.issuer,
      resource: started.resource,
      scopes: [...(tokens.scopes ?? started.scopes)],
      requested: started.scopes,
      stepUps: earlier?.record.stepUps.slice(-STEP_UPS_KEPT) ?? [],
      secrets: sealSecrets(box, id, {
        accessToken: tokens.accessToken,
        clientId,
        ...(tokens.refreshToken === undefined ? {} : { refreshToken: tokens.refreshToken }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
        ...(authMethod === undefined ? {} : { authMethod }),
      }),
      issuedAt: now,
      ...(tokens.expiresInMs === undefined ? {} : { accessEndsAt: now + tokens.expiresInMs }),
      connectedAt: now,
      lastUsedAt: now,
      ...(owner.kind === "shared" ? { connectedBy: by } : {}),
    };
    const audit = {
      by,
      action: "connection.connect",
      target: { kind: "connection", id },
      ...(earlier === undefined ? {} : { before: auditView(earlier.record) }),
      after: auditView(record),
    };
    await documents.write([keepConnection(id, record)], { at: now, audit: [audit] });
    onChanged(id);
    log.info({ server: settings.key, owner: owner.kind, connection: id }, "Signed in at an MCP server.");
    return id;
  }

  async #find(id: string): Promise<Connection | undefined> {
    const { documents, clock } = this.#ports;
    const document = await documents.get("connection", id, clock.now());
    return document === undefined ? undefined : connectionOf(document);
  }
}

function enteredScopes(settings: OAuthServerSettings): readonly string[] | undefined {
  return settings.scope === undefined ? undefined : splitScopes(settings.scope);
}
