import { createHash } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../foundation/clock.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import { DocumentConflictError, type DocumentStore } from "../documents/ports.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { clientIdUrl, clientMetadata } from "./client-metadata.ts";
import { originOf } from "./authorization-server.ts";
import { postJson, type Fetch } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SignInError } from "./sign-in-error.ts";

/** Who we are at one authorization server. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string | undefined;
  readonly redirectUri: string;
  /** How it was agreed to prove itself; undefined: whatever the server takes. */
  readonly authMethod: string | undefined;
  readonly scope: string | undefined;
}

export interface ClientRegistration {
  /**
   * The client to use for a server at an issuer, in the order that MCP asks for: registered by hand, Client ID Metadata Document, registered before, dynamic
   * registration, a person. `grant` is what it is for. Throws `SignInError`.
   */
  clientFor(
    settings: OAuthServerSettings,
    server: AuthorizationServer,
    more: {
      readonly grant: "authorization_code" | "client_credentials";
    },
  ): Promise<OAuthClient>;
  /** The authorization server does not know the client any more: the next one is made anew. */
  forget(settings: OAuthServerSettings, issuer: string, clientId: string): Promise<void>;
  /** The issuers at which this server was signed in to before. */
  issuers(serverKey: string): Promise<readonly string[]>;
}

export interface ClientRegistrationOptions {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** How browsers reach this server. */
  readonly publicUrl: () => string;
  /** Where our Client ID Metadata Document is. Absent: on this server, where others can reach it. */
  readonly clientIdUrl?: string;
}

/** `sealed` has a registration of our own making; without it, the document only says which issuer a client was first used with. */
const bodySchema = z.object({ issuer: z.string(), sealed: z.string().optional() });
const answerSchema = z.object({
  client_id: z.string().min(1).max(2_000),
  client_secret: z.string().max(4_000).optional(),
  /** Seconds since 1970; 0: never. */
  client_secret_expires_at: z.number().optional(),
  token_endpoint_auth_method: z.string().max(100).optional(),
});
type Registration = z.output<typeof answerSchema>;

const SECRET_SPARE_MS = 5 * 60_000;
const DOCUMENTS = 100;

export function createClientRegistration(options: ClientRegistrationOptions): ClientRegistration {
  const { documents, box, fetch, clock, publicUrl } = options;
  const running = new Map<string, Promise<OAuthClient>>();

  const keep = async (id: string, serverKey: string, body: z.input<typeof bodySchema>): Promise<void> => {
    await documents.write([{ do: "replace", kind: "oauth-client", id, parent: serverKey, body, orCreate: true }], { at: clock.now() });
  };

  /** A client that was entered by hand is told to the issuer it was first used with and to no other one. */
  const pin = async (settings: OAuthServerSettings, id: string, issuer: string): Promise<void> => {
    const found = await documents.get("oauth-client", id, clock.now());
    if (found !== undefined) {
      if (bodySchema.parse(found.body).issuer === issuer) return;
      throw new SignInError(
        "client",
        `${settings.name} now names ${originOf(issuer)} as its authorization server, and the client was entered for another one. If that is right, register a client there and enter its id.`,
      );
    }
    await documents
      .write([{ do: "create", kind: "oauth-client", id, parent: settings.key, body: { issuer } }], { at: clock.now() })
      .catch(async (error: unknown) => {
        if (!(error instanceof DocumentConflictError)) throw error;
        await pin(settings, id, issuer);
      });
  };

  const registered = async (id: string, redirectUri: string): Promise<OAuthClient | undefined> => {
    const found = await documents.get("oauth-client", id, clock.now());
    const sealed = found === undefined ? undefined : bodySchema.parse(found.body).sealed;
    if (sealed === undefined) return undefined;
    const registration = answerSchema.parse(JSON.parse(box.open(sealed, placeOf(id))));
    const endsAt = (registration.client_secret_expires_at ?? 0) * 1000;
    if (endsAt !== 0 && endsAt - SECRET_SPARE_MS <= clock.now()) return undefined;
    return clientOf(registration, redirectUri);
  };

  const register = async (
    settings: OAuthServerSettings,
    server: AuthorizationServer,
    endpoint: URL,
    more: {
      readonly id: string;
      readonly redirectUri: string;
    },
  ): Promise<OAuthClient> => {
    const method = authMethodToRegister(server.tokenAuthMethods);
    // Without scopes: what a client is registered for cannot grow later, when a tool needs more.
    const body = {
      ...clientMetadata(publicUrl(), more.redirectUri),
      token_endpoint_auth_method: method,
    };
    const { status, json } = await postJson(fetch, endpoint, body);
    const parsed = answerSchema.safeParse(json);
    if (status < 200 || status > 299 || !parsed.success) {
      throw new SignInError(
        "client",
        `${originOf(server.issuer)} did not register this program as a client (${status}). ${askPerson(settings, more.redirectUri)}`,
      );
    }
    const registration: Registration = { token_endpoint_auth_method: method, ...parsed.data };
    await keep(more.id, settings.key, { issuer: server.issuer, sealed: box.seal(JSON.stringify(registration), placeOf(more.id)) });
    return clientOf(registration, more.redirectUri);
  };

  return {
    async clientFor(settings, server, { grant }) {
      const redirectUri = settings.client?.redirectUrl ?? `${publicUrl()}/oauth/callback`;
      if (settings.client !== undefined) {
        const { id, secret } = settings.client;
        await pin(settings, `${settings.key}/entered/${digest(id)}`, server.issuer);
        return { id, secret, redirectUri, authMethod: undefined, scope: undefined };
      }
      if (grant === "client_credentials") {
        throw new SignInError(
          "client",
          `${settings.name} is signed in to with a client of its own. Register one at ${originOf(server.issuer)} and enter its id and secret.`,
        );
      }
      const metadataUrl = options.clientIdUrl ?? clientIdUrl(publicUrl());
      if (server.clientIdMetadataDocuments && metadataUrl !== undefined) {
        await keep(`${settings.key}/document/${digest(server.issuer)}`, settings.key, { issuer: server.issuer });
        return { id: metadataUrl, secret: undefined, redirectUri, authMethod: "none", scope: undefined };
      }
      const id = registrationId(settings.key, server.issuer, redirectUri);
      const known = await registered(id, redirectUri);
      if (known !== undefined) return known;
      const endpoint = server.registrationEndpoint;
      if (endpoint === undefined) {
        throw new SignInError(
          "client",
          `${originOf(server.issuer)} lets nobody register by themselves. ${askPerson(settings, redirectUri)}`,
        );
      }
      const work = running.get(id) ?? register(settings, server, endpoint, { id, redirectUri });
      running.set(id, work);
      return work.finally(() => running.delete(id));
    },
    async forget(settings, issuer, clientId) {
      const redirectUri = settings.client?.redirectUrl ?? `${publicUrl()}/oauth/callback`;
      const id = registrationId(settings.key, issuer, redirectUri);
      const known = await registered(id, redirectUri);
      if (known?.id === clientId) await documents.write([{ do: "delete", kind: "oauth-client", id }], { at: clock.now() });
    },
    async issuers(serverKey) {
      const found = await documents.list("oauth-client", { parent: serverKey, limit: DOCUMENTS, now: clock.now() });
      return [...new Set(found.map(({ body }) => bodySchema.parse(body).issuer))];
    },
  };
}

function clientOf(registration: Registration, redirectUri: string): OAuthClient {
  const { client_id: id, client_secret: secret, token_endpoint_auth_method: authMethod } = registration;
  return { id, secret, redirectUri, authMethod, scope: undefined };
}

/** A public client where that is possible: a secret that every copy of a program gets by asking proves nothing. */
function authMethodToRegister(supported: readonly string[] | undefined): string {
  const wanted = ["none", "client_secret_basic", "client_secret_post"];
  return wanted.find((method) => supported?.includes(method) ?? false) ?? (supported === undefined ? "client_secret_basic" : "none");
}

function askPerson(settings: OAuthServerSettings, redirectUri: string): string {
  return `Register a client there by hand, with the redirect address ${redirectUri}, and enter its id in the settings of ${settings.name}.`;
}

function registrationId(serverKey: string, issuer: string, redirectUri: string): string {
  return `${serverKey}/registered/${digest(`${issuer} ${redirectUri}`)}`;
}

function placeOf(id: string): string {
  return `oauth-client/${id}/sealed`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
