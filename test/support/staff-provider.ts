/** `oidc-provider` as a company's single sign-on, in this process. It lets in whoever `next` says. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { ForgetfulAdapter } from "./oauth-provider-storage.ts";
import { peer } from "./peers.ts";

const { createServer } = process.getBuiltinModule("node:http");

export interface StaffAccount {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

interface Provider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{
    prompt: { name: string; details: { missingOIDCScope?: string[]; missingOIDCClaims?: string[] } };
    params: { client_id: string };
    session?: { accountId: string };
  }>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: unknown, options?: unknown): Promise<void>;
  readonly Grant: new (values: unknown) => {
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: string[]): void;
    save(): Promise<string>;
  };
}

export async function startStaffProvider(client: { clientId: string; clientSecret: string; redirectUri: string }) {
  const library = (await import(pathToFileURL(await peer("oidc-provider/lib/index.js")).href)) as {
    default: new (issuer: string, configuration: unknown) => Provider;
  };
  const accounts = new Map<string, StaffAccount>();
  let next: StaffAccount = { sub: "nobody", email: "nobody@desk.example", email_verified: true };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const asked: string[] = [];
  const provider = new library.default(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [client.redirectUri] }],
    adapter: ForgetfulAdapter,
    cookies: { keys: ["test"] },
    ttl: { AccessToken: 600, IdToken: 600, Interaction: 600, Session: 600, Grant: 600, AuthorizationCode: 60 },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => accounts.get(id) }),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method ?? ""} ${(request.url ?? "").split("?")[0] ?? ""}`);
    if (!request.url?.startsWith("/interaction/")) return provider.callback()(request, response);
    interact(request, response).catch((error: unknown) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      accounts.set(next.sub, next);
      return provider.interactionFinished(request, response, { login: { accountId: next.sub } });
    }
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id });
    grant.addOIDCScope((prompt.details.missingOIDCScope ?? ["openid"]).join(" "));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }

  return { issuer, asked, letIn: (account: StaffAccount) => void (next = account) };
}
