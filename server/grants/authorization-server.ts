/** The authorization server of published servers: what programs ask of it, and what people answer them. */
import { RequestError } from "../../protocol/errors.ts";
import type { DocumentStore } from "../documents/ports.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Lock } from "../foundation/lock.ts";
import type { Log } from "../foundation/log.ts";
import type { Staff } from "../identity/staff/actions.ts";
import type { LivePublished, PublishedServer } from "../setup/published-servers/live-published.ts";
import { openAuthorizationLibrary } from "./authorization-library.ts";
import { isDocumentAddress } from "./client-documents.ts";
import { REFRESH_PREFIX } from "./grant-record.ts";
import type { Grants } from "./grants.ts";
import { findProgram } from "./program-record.ts";
import { ProgramRows } from "./program-rows.ts";
import { readRegistration } from "./registration.ts";
import { knownScopes, SCOPES } from "./scopes.ts";

export interface AuthorizationServerPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly lock: Lock;
  readonly live: Pick<LivePublished, "find" | "admits">;
  readonly grants: Grants;
  /** The id of the published server that an address is of, if it is one. */
  readonly serverIdIn: (resource: string) => string | undefined;
  /** What a person who signed in would have. */
  readonly toolsFor: (server: PublishedServer, person: string) => Promise<readonly OfferedToolInWords[]>;
  readonly sessionSecret: string;
  readonly publicUrl: string;
  readonly ownOrigins: () => readonly string[];
  /** The guarded fetch. */
  readonly fetch: typeof fetch;
}

export interface OfferedToolInWords {
  readonly title: string;
  readonly description: string;
  /** Absent: its source does not say. */
  readonly readOnly?: boolean;
  /** A person is asked before each call. */
  readonly asks: boolean;
}

/** What a person is asked. */
export interface Question {
  readonly program: {
    readonly name: string;
    /** Absent: nobody stands for it. */
    readonly host?: string;
    /** Where it is sent the answer: a host, or a scheme of an app. */
    readonly answersTo: string;
    /** On the person's own machine. */
    readonly isHere: boolean;
  };
  readonly server: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly tools: readonly OfferedToolInWords[];
  /** Whether they may use the server at all. */
  readonly isAdmitted: boolean;
}

interface GivenAnswer {
  /** As the question was asked with. */
  readonly query: string;
  readonly allow: boolean;
  readonly cookie: string;
}

/** Of a request to authorize, what is passed on. */
const ASKED = ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "resource"];
const LONGEST_QUERY = 8 * 1024;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export class AuthorizationServer {
  readonly #ports: AuthorizationServerPorts;
  readonly #rows: ProgramRows;
  readonly #library: ReturnType<typeof openAuthorizationLibrary>;

  constructor(ports: AuthorizationServerPorts) {
    this.#ports = ports;
    this.#rows = new ProgramRows({ ...ports, serverAt: (resource) => this.#serverAt(resource) });
    this.#library = openAuthorizationLibrary({ ...ports, rows: this.#rows });
  }

  /** Whether a request to authorize comes from a program whose description was not read yet: it will be. */
  async isNew(search: string): Promise<boolean> {
    const clientId = new URLSearchParams(search.slice(0, LONGEST_QUERY)).get("client_id") ?? "";
    const { documents, clock } = this.#ports;
    return isDocumentAddress(clientId) && (await findProgram(documents, clientId, clock.now())) === undefined;
  }

  /**
   * Where the browser goes on: to the question, which is always asked, or with a refusal to a program on this machine.
   * All others are not sent anything: a page of ours says what is wrong. Anybody may register a website, and a link of
   * ours must not lead there before a person has answered.
   */
  async authorize(search: string, cookie: string | undefined): Promise<string> {
    const given = new URLSearchParams(search.slice(0, LONGEST_QUERY));
    const asked = new URLSearchParams(ASKED.flatMap((name) => given.getAll(name).map((value): [string, string] => [name, value])));
    // Without one, a token would be good everywhere, or nowhere: the library says that it is not known.
    if (!asked.has("resource")) asked.set("resource", `${this.#ports.publicUrl}/mcp/`);
    asked.set("prompt", "consent");
    const headers = { accept: "text/html", ...(cookie === undefined ? {} : { cookie }) };
    const response = await this.#ask(`/oauth2/authorize?${asked.toString()}`, { headers });
    const page = `${this.#ports.publicUrl}/console/allow`;
    const location = response.headers.get("location") ?? `${page}?error=invalid_request`;
    // The library says the same of a program that is not known any more, and one whose description cannot be used.
    if (location.startsWith(`${page}?error=invalid_client`) && isDocumentAddress(asked.get("client_id") ?? ""))
      return `${page}?error=unusable_description`;
    if (location.startsWith(`${page}?`) || answersTo(location).isHere) return location;
    return `${page}?${new URLSearchParams({ error: URL.parse(location)?.searchParams.get("error") ?? "invalid_request" }).toString()}`;
  }

  /** Of requests with the same refresh token, one after the other is answered: the second gets what the first got. */
  async token(form: string): Promise<Response> {
    const refresh = new URLSearchParams(form).get("refresh_token");
    // The library names an error that programs do not know here.
    if (refresh !== null && !refresh.startsWith(REFRESH_PREFIX))
      return Response.json({ error: "invalid_grant", error_description: "This refresh token is not known here." }, { status: 400 });
    const ask = (): Promise<Response> => this.#post("/oauth2/token", form, "application/x-www-form-urlencoded");
    if (refresh === null) return ask();
    return this.#ports.lock.run(`refresh-token/${sha256Hex(refresh)}`, () => this.#rows.inFamilyOf(refresh, ask));
  }

  /** What is over already, or was never there, is well (RFC 7009). The library refuses it. */
  async revoke(form: string): Promise<Response> {
    if (!(await this.#rows.isKept(new URLSearchParams(form).get("token") ?? ""))) return new Response(null, { status: 200 });
    return this.#post("/oauth2/revoke", form, "application/x-www-form-urlencoded");
  }

  async register(body: unknown): Promise<Response> {
    const registration = readRegistration(body);
    if (registration === undefined)
      return Response.json(
        { error: "invalid_client_metadata", error_description: "Expected a JSON object with redirect_uris." },
        { status: 400 },
      );
    const response = await this.#post("/oauth2/register", JSON.stringify(registration.metadata), "application/json");
    if (!response.ok) return response;
    const registered = (await response.json()) as { readonly client_id: string };
    // The library gives a program the right to every scope, whatever it asked for.
    const mine = [{ field: "clientId", value: registered.client_id }];
    await this.#rows.change("oauthClient", mine, { scopes: registration.scopes }, 1);
    return Response.json({ ...registered, scope: registration.scopes.join(" ") }, { status: response.status });
  }

  /** Throws `RequestError` `link-over` for a query that is not ours, or too old. */
  async question(staff: Staff, query: string): Promise<Question> {
    const { documents, clock, live, toolsFor } = this.#ports;
    const asked = await this.#checked(query);
    const known = await findProgram(documents, asked.clientId, clock.now());
    const server = live.find(asked.serverId);
    if (known === undefined || server === undefined || server === "deleted") throw over();
    const { name, host } = known.program;
    const isAdmitted = await live.admits(server, staff);
    return {
      program: { name, ...(host === undefined ? {} : { host }), ...answersTo(asked.redirect) },
      server: { id: server.id, name: server.name },
      scopes: asked.scopes,
      tools: isAdmitted ? await toolsFor(server, staff.id) : [],
      isAdmitted,
    };
  }

  /**
   * The person's answer: where their browser takes it. Throws `RequestError` `link-over`, or `forbidden` where they may
   * not use the server.
   */
  async answer(staff: Staff, given: GivenAnswer): Promise<{ readonly url: string }> {
    // One at a time: a consent lasts until its answer is given.
    return this.#ports.lock.run("oauth2/answer", () => this.#answer(staff, given));
  }

  async #answer(staff: Staff, { query, allow, cookie }: GivenAnswer): Promise<{ readonly url: string }> {
    const { documents, clock, live, grants } = this.#ports;
    const asked = await this.#checked(query);
    const known = await findProgram(documents, asked.clientId, clock.now());
    const server = live.find(asked.serverId);
    if (known === undefined || server === undefined || server === "deleted") throw over();
    if (staff.kind !== "person" || (allow && !(await live.admits(server, staff))))
      throw new RequestError("forbidden", { detail: `You may not use "${server.name}", so you cannot let a program use it.` });
    try {
      const origin = new URL(this.#ports.publicUrl).origin;
      const body = JSON.stringify({ accept: allow, oauth_query: query });
      const response = await this.#post("/oauth2/consent", body, "application/json", { cookie, origin });
      const answered = (await response.json()) as { readonly url?: unknown };
      if (!response.ok || typeof answered.url !== "string") throw over();
      if (allow && new URL(answered.url).searchParams.has("code")) {
        const { id, name, host } = known.program;
        const program = { id, name, ...(host === undefined ? {} : { host }) };
        await grants.allow(staff, server.id, { program, scopes: asked.scopes });
      }
      return { url: answered.url };
    } finally {
      this.#rows.forgetConsents();
    }
  }

  /** What a query of ours asks. The library signs them, and says whether one is still good. */
  async #checked(query: string) {
    const asked = new URLSearchParams(query.slice(0, LONGEST_QUERY));
    const clientId = asked.get("client_id") ?? "";
    const body = JSON.stringify({ client_id: clientId, oauth_query: query });
    const response = await this.#post("/oauth2/public-client-prelogin", body, "application/json");
    const serverId = this.#ports.serverIdIn(asked.get("resource") ?? "");
    if (!response.ok || serverId === undefined || asked.getAll("resource").length !== 1) throw over();
    const scope = asked.get("scope");
    const scopes = scope === null ? SCOPES : knownScopes(scope);
    return { clientId, serverId, scopes, redirect: asked.get("redirect_uri") ?? "" };
  }

  #serverAt(resource: string): PublishedServer | undefined {
    const id = this.#ports.serverIdIn(resource);
    const server = id === undefined ? undefined : this.#ports.live.find(id);
    return server === "deleted" ? undefined : server;
  }

  #post(path: string, body: string, type: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#ask(path, { method: "POST", body, headers: { "Content-Type": type, accept: "application/json", ...headers } });
  }

  #ask(path: string, request: RequestInit): Promise<Response> {
    return this.#library.handle(new Request(`${this.#ports.publicUrl}${path}`, request));
  }
}

function over(): RequestError {
  return new RequestError("link-over", { detail: "Begin anew in the program that asks." });
}

function answersTo(redirect: string): Pick<Question["program"], "answersTo" | "isHere"> {
  const url = URL.parse(redirect);
  if (url === null || url.host === "") return { answersTo: url?.protocol ?? "", isHere: true };
  return { answersTo: url.host, isHere: LOOPBACK.has(url.hostname) };
}
