import { createHash } from "node:crypto";
import * as z from "zod";
import { DocumentConflictError, type DocumentStore } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import { type Registration, registrationSchema } from "./dynamic-registration.ts";

/**
 * `sealed` holds a registration that we made; without it, the document only says which issuer a client was first used
 * with.
 */
const bodySchema = z.object({ issuer: z.string(), sealed: z.string().optional() });

const SECRET_SPARE_MS = 5 * 60_000;
const DOCUMENTS = 100;

/** The clients that an MCP server was signed in to with, and the issuer of each. */
export class KeptClients {
  readonly #documents: DocumentStore;
  readonly #box: SecretBox;
  readonly #clock: Clock;

  constructor(ports: { readonly documents: DocumentStore; readonly box: SecretBox; readonly clock: Clock }) {
    this.#documents = ports.documents;
    this.#box = ports.box;
    this.#clock = ports.clock;
  }

  /** The issuer that an entered client was first used with. A client that was never used is bound to this issuer. */
  async firstIssuer(serverKey: string, clientId: string, issuer: string): Promise<string> {
    const id = `${serverKey}/entered/${digest(clientId)}`;
    const found = await this.#documents.get("oauth-client", id, this.#clock.now());
    if (found !== undefined) return bodySchema.parse(found.body).issuer;
    try {
      await this.#documents.write([{ do: "create", kind: "oauth-client", id, parent: serverKey, body: { issuer } }], {
        at: this.#clock.now(),
      });
      return issuer;
    } catch (error) {
      if (!(error instanceof DocumentConflictError)) throw error;
      return this.firstIssuer(serverKey, clientId, issuer);
    }
  }

  /** Notes that our Client ID Metadata Document was used with this issuer. */
  async noteDocument(serverKey: string, issuer: string): Promise<void> {
    await this.#keep(`${serverKey}/document/${digest(issuer)}`, serverKey, { issuer });
  }

  /** The registration under this id; undefined: there is none, or its secret ends soon. */
  async registered(id: string): Promise<Registration | undefined> {
    const found = await this.#documents.get("oauth-client", id, this.#clock.now());
    const sealed = found === undefined ? undefined : bodySchema.parse(found.body).sealed;
    if (sealed === undefined) return undefined;
    const registration = registrationSchema.parse(JSON.parse(this.#box.open(sealed, placeOf(id))));
    const endsAt = (registration.client_secret_expires_at ?? 0) * 1000;
    return endsAt !== 0 && endsAt - SECRET_SPARE_MS <= this.#clock.now() ? undefined : registration;
  }

  async keepRegistered(id: string, serverKey: string, issuer: string, registration: Registration): Promise<void> {
    await this.#keep(id, serverKey, { issuer, sealed: this.#box.seal(JSON.stringify(registration), placeOf(id)) });
  }

  async remove(id: string): Promise<void> {
    await this.#documents.write([{ do: "delete", kind: "oauth-client", id }], { at: this.#clock.now() });
  }

  async issuers(serverKey: string): Promise<readonly string[]> {
    const found = await this.#documents.list("oauth-client", { parent: serverKey, limit: DOCUMENTS, now: this.#clock.now() });
    return [...new Set(found.map(({ body }) => bodySchema.parse(body).issuer))];
  }

  async #keep(id: string, serverKey: string, body: z.input<typeof bodySchema>): Promise<void> {
    await this.#documents.write([{ do: "replace", kind: "oauth-client", id, parent: serverKey, body, orCreate: true }], {
      at: this.#clock.now(),
    });
  }
}

export function registrationId(serverKey: string, issuer: string, redirectUri: string): string {
  return `${serverKey}/registered/${digest(`${issuer} ${redirectUri}`)}`;
}

function placeOf(id: string): string {
  return `oauth-client/${id}/sealed`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
