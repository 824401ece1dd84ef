import { RequestError } from "../../protocol/errors.ts";
import type { AuditActor } from "../documents/ports.ts";
import { connectionId } from "./connection-record.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import { SignInError } from "./sign-in-error.ts";
import type { SignInFlow } from "./sign-in-flow.ts";
import type { SignInTickets } from "./sign-in-tickets.ts";

/**
 * `authorizationUrl`: a page to open in a browser. The connection exists once a person has finished signing in there.
 */
export type SharedBeginning =
  | { readonly status: "connected"; readonly connectionId: string }
  | { readonly status: "sign-in"; readonly connectionId: string; readonly authorizationUrl: string };

/**
 * The connection of a server that everybody with access to it shares: a service account that an admin signs in with
 * once.
 */
export class SharedConnections {
  readonly #ports: {
    readonly flow: SignInFlow;
    readonly tickets: SignInTickets;
    readonly servers: (key: string) => OAuthServerSettings | undefined;
    readonly onShared: (server: string, by: AuditActor) => void;
  };

  constructor(ports: {
    readonly flow: SignInFlow;
    readonly tickets: SignInTickets;
    readonly servers: (key: string) => OAuthServerSettings | undefined;
    readonly onShared: (server: string, by: AuditActor) => void;
  }) {
    this.#ports = ports;
  }

  /** Throws `RequestError`: `not-found` if the server does not use OAuth, `sign-in-unavailable` with the cause. */
  async begin(server: string, by: AuditActor): Promise<SharedBeginning> {
    const { flow, tickets, servers, onShared } = this.#ports;
    const settings = servers(server);
    if (settings === undefined) throw new RequestError("not-found", { detail: "There is no such MCP server, or it does not use OAuth." });
    const owner = { kind: "shared" } as const;
    const id = connectionId(server, owner);
    try {
      if (settings.sharedGrant === "client_credentials") {
        await flow.connectClient({ settings, owner, by });
        onShared(server, by);
        return { status: "connected", connectionId: id };
      }
      const started = await flow.start({ settings, owner, scopes: [] });
      const { url } = await tickets.issue(settings, started, { kind: "staff", by }, []);
      return { status: "sign-in", connectionId: id, authorizationUrl: url };
    } catch (error) {
      if (error instanceof SignInError) throw new RequestError("sign-in-unavailable", { detail: error.message });
      throw error;
    }
  }
}
