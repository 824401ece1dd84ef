/** Client ID Metadata Documents: a program whose client id is the https address of its description. */
import type { ClientDiscovery, OAuthOptions } from "@better-auth/oauth-provider";
import { registerClientMetadataDocument } from "@better-auth/oauth-provider/internal";
import * as z from "zod";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { ownRedirects } from "./registration.ts";
import { knownScopes, SCOPES } from "./scopes.ts";

export interface ClientDocumentsPorts {
  /** The guarded fetch: anybody may name an address. */
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "info">;
}

const MOST_BYTES = 5 * 1024;
const ANSWER_MS = 5_000;
const LONGEST_ADDRESS = 500;
const MOST_REDIRECTS = 20;
/** So long a description is taken for what it was. */
const FRESH_MS = 60 * 60_000;
/** One that could not be read is not asked for again before. */
const AGAIN_MS = 30_000;
const MOST_FAILURES = 1_000;
/** Where programs become known, and are counted. */
const BEGINNING = "/oauth2/authorize";
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

const documentSchema = z
  .object({
    client_id: z.string(),
    client_name: z.string().max(200).optional(),
    redirect_uris: z.array(z.string().max(2_000)).min(1).max(MOST_REDIRECTS),
    scope: z.string().max(2_000).optional(),
    token_endpoint_auth_method: z.string().default("none"),
    token_endpoint_auth_methods_supported: z.array(z.string()).default([]),
  })
  // ChatGPT's names a key as its way, and that it comes without one where the server knows no other.
  .refine(
    ({ token_endpoint_auth_method: way, token_endpoint_auth_methods_supported: ways }) => way === "none" || ways.includes("none"),
    "It is of a program that only comes with a secret or a key.",
  );

type Stored = Parameters<ClientDiscovery["resolve"]>[2];

/**
 * Reads descriptions of programs: over https alone, 5 kB of JSON at most, without following redirects, and only
 * where the description says that it is of this address: what somebody left at a host as a text is none. One that
 * cannot be read again is what it was for as long as the program is known.
 */
export function clientDocuments(ports: ClientDocumentsPorts, options: () => OAuthOptions): ClientDiscovery {
  const failedAt = new Map<string, number>();
  const reading = new Map<string, Promise<Stored>>();

  return {
    id: "cimd",
    matches: isDocumentAddress,
    discoveryMetadata: { client_id_metadata_document_supported: true },
    fetchClientMetadataResource: ports.fetch,
    resolve: (context, clientId, existing) => {
      if (existing === null && context.path !== BEGINNING) return null;
      if (existing !== null && ports.clock.now() - readAtOf(existing) < FRESH_MS) return existing;
      if (ports.clock.now() - (failedAt.get(clientId) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return existing;
      const running = reading.get(clientId) ?? read(context, clientId, existing).finally(() => reading.delete(clientId));
      reading.set(clientId, running);
      return running;
    },
  };

  async function read(context: Parameters<ClientDiscovery["resolve"]>[0], clientId: string, existing: Stored): Promise<Stored> {
    try {
      const { scope, client_name: name, ...document } = await fetched(clientId, ports.fetch);
      const { client } = await registerClientMetadataDocument(context, options() as never, {
        metadata: {
          client_id: clientId,
          ...(name === undefined ? {} : { client_name: name }),
          redirect_uris: [...ownRedirects(document.redirect_uris)],
          token_endpoint_auth_method: "none",
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
          scope: (scope === undefined ? SCOPES : knownScopes(scope)).join(" "),
        },
        clientId,
        clientDiscoveryId: "cimd",
        ...(existing === null ? {} : { existingClient: existing }),
      });
      failedAt.delete(clientId);
      return client;
    } catch (error) {
      if (failedAt.size > MOST_FAILURES) failedAt.clear();
      failedAt.set(clientId, ports.clock.now());
      ports.log.info({ program: clientId, error: String(error) }, "The description of a program cannot be used.");
      return existing;
    }
  }
}

/** A path of its own is asked for, so that no whole website is a program. */
export function isDocumentAddress(clientId: string): boolean {
  const url = clientId.length > LONGEST_ADDRESS ? null : URL.parse(clientId);
  if (url === null || url.protocol !== "https:" || url.href !== clientId) return false;
  return url.username === "" && url.password === "" && url.hash === "" && url.pathname !== "/";
}

async function fetched(clientId: string, fetch: typeof globalThis.fetch): Promise<z.output<typeof documentSchema>> {
  const response = await fetch(clientId, {
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`It answered ${response.status}.`);
  }
  if (!JSON_TYPE.test(response.headers.get("content-type") ?? "")) {
    await response.body?.cancel();
    throw new Error("It is not sent as JSON.");
  }
  const document = documentSchema.parse(JSON.parse(await limitedText(response)));
  if (document.client_id !== clientId) throw new Error("It is the description of another client id.");
  return document;
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new RangeError(`It has more than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readAtOf({ updatedAt }: NonNullable<Stored>): number {
  return updatedAt === undefined ? 0 : new Date(updatedAt).getTime();
}
