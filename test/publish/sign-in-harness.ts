/** People who sign programs in, and what they do in their browser. */
import { expect } from "vitest";
import { backend, cancelOrder, type Desk, desk, post, type Published } from "./publish-harness.ts";

/** Where a server is. */
export type At = Pick<Desk, "url">;

const PASSWORD = "a long enough password";

export interface Person {
  readonly id: string;
  /** The session's cookie, as a browser sends it. */
  readonly cookie: string;
  readonly name: string;
}

export interface Question {
  readonly program: { readonly name: string; readonly host?: string; readonly answersTo: string; readonly isHere: boolean };
  readonly server: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly tools: readonly { readonly title: string; readonly asks: boolean; readonly readOnly?: boolean }[];
  readonly isAdmitted: boolean;
}

/** Somebody of the staff, signed in. */
export async function person(desk: Desk, name: string, roles: readonly string[] = ["admin"]): Promise<Person> {
  const email = `${name.toLowerCase()}@desk.example`;
  const invited = await desk.api<{ person: { id: string }; invitation: { url: string } }>("POST", "/people", { name, email, roles });
  expect(invited.status).toBe(201);
  const token = new URL(invited.body.invitation.url).hash.slice(1);
  expect((await page(desk, "/api/v1/invitations/accept", { token, password: PASSWORD })).status).toBe(204);
  const signedIn = await page(desk, "/api/auth/sign-in/email", { email, password: PASSWORD });
  expect(signedIn.status).toBe(200);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ");
  return { id: invited.body.person.id, cookie, name };
}

/** What a page of the console sends. */
export async function page(desk: At, path: string, body: object, cookie?: string): Promise<Response> {
  return fetch(`${desk.url}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: desk.url, ...(cookie === undefined ? {} : { Cookie: cookie }) },
    body: JSON.stringify(body),
  });
}

/** Where the browser ends that a program opens: at the question, or back at the program. */
export async function opened(desk: At, address: string | URL, cookie?: string): Promise<URL> {
  const url = new URL(address);
  const response = await fetch(`${desk.url}${url.pathname}${url.search}`, {
    redirect: "manual",
    headers: cookie === undefined ? {} : { Cookie: cookie },
  });
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "");
}

/** The query of the question. */
export async function asked(desk: At, address: string | URL, cookie?: string): Promise<string> {
  const at = await opened(desk, address, cookie);
  expect(at.pathname).toBe("/console/allow");
  expect(at.searchParams.get("error")).toBeNull();
  return at.search.slice(1);
}

export async function question(desk: At, query: string, { cookie }: Person): Promise<Question> {
  const response = await page(desk, "/oauth2/question", { query }, cookie);
  expect(response.status).toBe(200);
  return (await response.json()) as Question;
}

/** Where the browser is sent. */
export async function answer(desk: At, query: string, { cookie }: Person, allow = true): Promise<URL> {
  const response = await page(desk, "/oauth2/answer", { query, allow }, cookie);
  expect(response.status).toBe(200);
  return new URL(((await response.json()) as { url: string }).url);
}

/** Registers, asks, lets the person allow it, and gets tokens: each step by hand. */
export interface Wire {
  readonly clientId: string;
  readonly redirect: string;
  authorizeUrl(more?: Readonly<Record<string, string | undefined>>): string;
  code(person: Person, more?: Readonly<Record<string, string | undefined>>): Promise<string>;
  token(form: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  redeem(code: string, more?: Readonly<Record<string, string>>): ReturnType<Wire["token"]>;
  signIn(person: Person, more?: Readonly<Record<string, string | undefined>>): Promise<Tokens>;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

// RFC 7636, appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

export async function register(desk: At, metadata: object): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(`${desk.url}/oauth2/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(metadata),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function wire(desk: At, published: Pick<Published, "url">, metadata: object = {}): Promise<Wire> {
  const redirect = "http://127.0.0.1:33418/callback";
  const { body } = await register(desk, { client_name: "Wire", redirect_uris: [redirect], ...metadata });
  const clientId = String(body["client_id"]);
  const token: Wire["token"] = async (form) => {
    const response = await fetch(`${desk.url}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: clientId, ...form }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const made: Wire = {
    clientId,
    redirect,
    token,
    authorizeUrl: (more = {}) => {
      const query = {
        response_type: "code",
        client_id: clientId,
        redirect_uri: redirect,
        scope: "tools:list tools:call offline_access",
        state: "a-state",
        code_challenge: CHALLENGE,
        code_challenge_method: "S256",
        resource: published.url,
        ...more,
      };
      const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return `${desk.url}/oauth2/authorize?${new URLSearchParams(given)}`;
    },
    code: async (someone, more) => {
      const back = await answer(desk, await asked(desk, made.authorizeUrl(more), someone.cookie), someone);
      expect(back.searchParams.get("error")).toBeNull();
      return back.searchParams.get("code") ?? "";
    },
    redeem: (code, more = {}) =>
      token({ grant_type: "authorization_code", code, code_verifier: VERIFIER, redirect_uri: redirect, resource: published.url, ...more }),
    signIn: async (someone, more) => {
      const { status, body: tokens } = await made.redeem(await made.code(someone, more));
      expect(tokens).toMatchObject({ token_type: "Bearer" });
      expect(status).toBe(200);
      return { access: String(tokens["access_token"]), refresh: String(tokens["refresh_token"]) };
    },
  };
  return made;
}

/** A server that publishes one tool, `cancel_order`, and Ada, who may sign programs in to it. */
export async function served(more: object = {}): Promise<{ server: Desk; published: Published; ada: Person }> {
  const { url } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  return { server, published: await server.publish([{ source: "http", name: "cancel_order" }], more), ada: await person(server, "Ada") };
}

export const list = { jsonrpc: "2.0", id: 3, method: "tools/list", params: {} };
export const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "wire", version: "1" } },
};

export const bearer = (token: string): Readonly<Record<string, string>> => ({ Authorization: `Bearer ${token}` });

/** The answer to a message of a fresh connection. */
export async function sent(published: Pick<Published, "url">, token: string, message: object) {
  const first = await post(published.url, initialize, bearer(token));
  if (first.status !== 200) return first;
  const headers = { ...bearer(token), "Mcp-Session-Id": first.headers.get("mcp-session-id") ?? "" };
  return post(published.url, message, headers);
}
