import type { Clock } from "../foundation/clock.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { DocumentStore } from "../documents/ports.ts";
import { type AuthorizationServer, originOf } from "./authorization-server.ts";
import { type Appearance, clientIdUrl } from "./client-metadata.ts";
import { registerDynamically, type Registration } from "./dynamic-registration.ts";
import { KeptClients, registrationId } from "./kept-clients.ts";
import type { Fetch } from "./oauth-http.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SignInError } from "./sign-in-error.ts";

/** Who we are at one authorization server. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string | undefined;
  readonly redirectUri: string;
  /** How the client proves itself, as agreed at its registration; undefined: any way that the server accepts. */
  readonly authMethod: string | undefined;
  readonly scope: string | undefined;
}

export interface ClientRegistration {
  /**
   * The client to use for a server at an issuer, in the order that MCP asks for: entered by hand, Client ID Metadata
   * Document, registered before, dynamic registration, a person. `grant` is what it is for. Throws `SignInError`.
   */
  clientFor(
    settings: OAuthServerSettings,
    server: AuthorizationServer,
    more: { readonly grant: "authorization_code" | "client_credentials" },
  ): Promise<OAuthClient>;
  /** The authorization server no longer knows the client: the next one is registered anew. */
  forget(settings: OAuthServerSettings, issuer: string, clientId: string): Promise<void>;
  /** The issuers at which this MCP server was signed in to before. */
  issuers(serverKey: string): Promise<readonly string[]>;
}

export interface ClientRegistrationPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** How browsers reach this server. */
  readonly publicUrl: () => string;
  /** The address of our Client ID Metadata Document. Absent: on this server, if others can reach it. */
  readonly clientIdUrl?: string;
  /** What a registration says of this installation. Absent: its host. */
  readonly appearance?: Appearance;
}

export function createClientRegistration(ports: ClientRegistrationPorts): ClientRegistration {
  const { publicUrl } = ports;
  const clients = new KeptClients(ports);
  const running = new Map<string, Promise<OAuthClient>>();

  const redirectUriOf = (settings: OAuthServerSettings): string => settings.client?.redirectUrl ?? `${publicUrl()}/oauth/callback`;

  /** A client that was entered by hand is shown to the issuer it was first used with, and to no other. */
  const pin = async (settings: OAuthServerSettings, clientId: string, issuer: string): Promise<void> => {
    if ((await clients.firstIssuer(settings.key, clientId, issuer)) === issuer) return;
    throw new SignInError(
      "client",
      `${settings.name} now names ${originOf(issuer)} as its authorization server, but its client was entered for another one. If that is right, register a client there and enter its id.`,
    );
  };

  const register = async (settings: OAuthServerSettings, server: AuthorizationServer, id: string): Promise<OAuthClient> => {
    const registration = await registerDynamically(ports, settings, server, redirectUriOf(settings));
    await clients.keepRegistered(id, settings.key, server.issuer, registration);
    return clientOf(registration, redirectUriOf(settings));
  };

  return {
    async clientFor(settings, server, { grant }) {
      const redirectUri = redirectUriOf(settings);
      if (settings.client !== undefined) {
        const { id, secret } = settings.client;
        await pin(settings, id, server.issuer);
        return { id, secret, redirectUri, authMethod: undefined, scope: undefined };
      }
      if (grant === "client_credentials") {
        throw new SignInError(
          "client",
          `${settings.name} needs a client of its own to sign in with. Register one at ${originOf(server.issuer)} and enter its id and secret.`,
        );
      }
      const metadataUrl = ports.clientIdUrl ?? clientIdUrl(publicUrl());
      if (server.clientIdMetadataDocuments && metadataUrl !== undefined) {
        await clients.noteDocument(settings.key, server.issuer);
        return { id: metadataUrl, secret: undefined, redirectUri, authMethod: "none", scope: undefined };
      }
      const id = registrationId(settings.key, server.issuer, redirectUri);
      const known = await clients.registered(id);
      if (known !== undefined) return clientOf(known, redirectUri);
      const work = running.get(id) ?? register(settings, server, id);
      running.set(id, work);
      return work.finally(() => running.delete(id));
    },
    async forget(settings, issuer, clientId) {
      const id = registrationId(settings.key, issuer, redirectUriOf(settings));
      const known = await clients.registered(id);
      if (known?.client_id === clientId) await clients.remove(id);
    },
    issuers: (serverKey) => clients.issuers(serverKey),
  };
}

function clientOf(registration: Registration, redirectUri: string): OAuthClient {
  const { client_id: id, client_secret: secret, token_endpoint_auth_method: authMethod } = registration;
  return { id, secret, redirectUri, authMethod, scope: undefined };
}
