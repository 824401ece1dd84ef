import { RequestError } from "../../protocol/errors.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { originAllowed } from "../guard/network/origins.ts";
import type { SecretBox } from "../guard/secrets/secret-box.ts";
import type { AuditActor, DocumentStore } from "../documents/ports.ts";
import type { ConnectionOwner } from "../tools/mcp/servers/ports.ts";
import type { OAuthServerSettings } from "./oauth-settings.ts";
import {
  type CustomerPurpose,
  declinedId,
  digest,
  type Purpose,
  sealedPlaceOf,
  type SignInBody,
  signInBodySchema,
} from "./sign-in-document.ts";
import { SignInError } from "./sign-in-error.ts";
import { sameSecret } from "./same-secret.ts";
import type { SignInFlow } from "./sign-in-flow.ts";
import { checkIssuer, startedSchema, type StartedSignIn } from "./started-sign-in.ts";

/** What is reported when a customer has finished a sign-in. */
export interface Connected {
  readonly conversationId: string;
  readonly requestId: string;
  readonly customerId: string;
}

export interface SignInTicketsPorts {
  readonly documents: DocumentStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly flow: SignInFlow;
  readonly servers: (key: string) => OAuthServerSettings | undefined;
  readonly publicUrl: () => string;
  readonly onConnected: (connected: Connected) => void | Promise<void>;
  readonly onShared: (server: string, by: AuditActor) => void;
  /** Whether staff who started a shared sign-in may still connect it at its end. */
  readonly mayConnect: (by: AuditActor) => Promise<boolean>;
}

/**
 * How a sign-in in the browser ended. `declined`: the person declined. `failed`: `detail` says why. `gone`: it is over,
 * or belongs to another browser.
 */
export type SignInOutcome =
  | { readonly outcome: "connected"; readonly serverName: string }
  | { readonly outcome: "declined"; readonly serverName: string }
  | { readonly outcome: "failed"; readonly serverName: string; readonly detail: string }
  | { readonly outcome: "gone" };

export interface OpenedSignIn {
  readonly authorizationUrl: string;
  /** Must come back with the callback. */
  readonly cookie: { readonly name: string; readonly value: string };
}

/** Long enough for a person to find a password, too short for others to find the link. */
const SIGN_IN_MS = 10 * 60_000;

/**
 * Sign-ins that go through a browser, each bound to the one browser that may end it:
 *
 * 1. a ticket, in the address of the page that is opened; a customer's page must also show the proof that only the page
 *    with the chat was told, so that nobody can be sent into another's sign-in;
 * 2. a cookie of that browser, with the `state` that goes through the authorization server and comes back, so that
 *    nobody can end another's.
 *
 * Ticket, proof, state and cookie are random, good once, for ten minutes, and stored as hashes.
 */
export class SignInTickets {
  readonly #ports: SignInTicketsPorts;
  constructor(ports: SignInTicketsPorts) {
    this.#ports = ports;
  }

  /** Keeps a started sign-in and says which page opens it. */
  async issue(
    settings: OAuthServerSettings,
    started: StartedSignIn,
    purpose: Purpose,
    allowedOrigins: readonly string[],
  ): Promise<{ readonly url: string; readonly proof: string }> {
    const { documents, clock, box, publicUrl } = this.#ports;
    // Another try: what became of the one before says nothing of it.
    if (purpose.kind === "customer") await documents.take("sign-in", declinedId(purpose), clock.now());
    const [ticket, proof] = [clock.id(), clock.id()];
    const id = `ticket-${digest(ticket)}`;
    await this.#write(id, {
      stage: "ticket",
      server: settings.key,
      serverName: settings.name,
      purpose,
      allowedOrigins: [...allowedOrigins],
      proofHash: digest(proof),
      sealed: box.seal(JSON.stringify(started), sealedPlaceOf(id)),
    });
    return { url: `${publicUrl()}/connect/${ticket}`, proof };
  }

  /** Reads a ticket without using it up. */
  async look(ticket: string): Promise<{ readonly kind: "customer" | "staff"; readonly serverName: string } | undefined> {
    const body = await this.#get(`ticket-${digest(ticket)}`);
    return body?.stage === "ticket" ? { kind: body.purpose.kind, serverName: body.serverName } : undefined;
  }

  /**
   * Sends the browser that has the ticket on to the authorization server. `shown` is the opening page's proof and its
   * origin; absent for staff, who get the address from the API. Throws `RequestError` `unknown-request` or `forbidden`.
   */
  async open(ticket: string, shown?: { readonly proof: string; readonly origin: string }): Promise<OpenedSignIn> {
    const { documents, clock, box, publicUrl } = this.#ports;
    const id = `ticket-${digest(ticket)}`;
    const seen = await this.#get(id);
    if (seen?.stage !== "ticket") throw new RequestError("unknown-request");
    if (seen.purpose.kind === "customer") {
      const own = new URL(publicUrl()).origin;
      const fine =
        shown !== undefined &&
        sameSecret(digest(shown.proof), seen.proofHash) &&
        (shown.origin === own || originAllowed(shown.origin, seen.allowedOrigins));
      if (!fine) throw new RequestError("forbidden");
    }
    const taken = await documents.take("sign-in", id, clock.now());
    if (taken === undefined) throw new RequestError("unknown-request");
    const started = this.#started(seen, id);
    const cookie = clock.id();
    const next = `state-${digest(started.state)}`;
    await this.#write(next, {
      ...seen,
      stage: "state",
      proofHash: digest(cookie),
      sealed: box.seal(JSON.stringify(started), sealedPlaceOf(next)),
    });
    return { authorizationUrl: started.authorizationUrl, cookie: { name: this.#cookieName(started.state), value: cookie } };
  }

  /**
   * The callback. A request without the cookie, with another cookie, or a second one changes nothing. Never throws
   * because of what a browser sent.
   */
  async finish(answer: {
    readonly state: string | undefined;
    readonly code: string | undefined;
    readonly iss: string | undefined;
    readonly error: string | undefined;
    readonly cookie: (name: string) => string | undefined;
  }): Promise<SignInOutcome> {
    const { documents, clock, flow, log, servers } = this.#ports;
    if (answer.state === undefined) return { outcome: "gone" };
    const id = `state-${digest(answer.state)}`;
    const body = await this.#get(id);
    const cookie = answer.cookie(this.#cookieName(answer.state));
    if (body?.stage !== "state" || cookie === undefined || !sameSecret(digest(cookie), body.proofHash)) return { outcome: "gone" };
    if ((await documents.take("sign-in", id, clock.now())) === undefined) return { outcome: "gone" };
    const { serverName, purpose } = body;
    try {
      const started = this.#started(body, id);
      const settings = servers(body.server);
      if (settings === undefined) throw new SignInError("metadata", `${serverName} no longer exists.`);
      checkIssuer(started, answer.iss);
      if (purpose.kind === "staff" && !(await this.#ports.mayConnect(purpose.by)))
        throw new SignInError("refused", `${purpose.by.name} started this sign-in but may no longer connect ${serverName}.`);
      if (answer.error === "access_denied") {
        if (purpose.kind === "customer") await this.#keepDeclined(body, purpose);
        return { outcome: "declined", serverName };
      }
      if (answer.code === undefined)
        throw new SignInError("refused", `The authorization server refused the sign-in${reasonOf(answer.error)}.`);
      const owner: ConnectionOwner = purpose.kind === "customer" ? { kind: "customer", id: purpose.customerId } : { kind: "shared" };
      await flow.finish({ settings, owner, by: actorOf(purpose) }, started, { code: answer.code, iss: answer.iss });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      log.warn({ server: body.server, fault: error.fault, cause: error.message }, "A sign-in at an MCP server failed.");
      return { outcome: "failed", serverName, detail: error.message };
    }
    if (purpose.kind === "customer") await this.#tell(purpose);
    else this.#ports.onShared(body.server, purpose.by);
    return { outcome: "connected", serverName };
  }

  /** Whether the last sign-in for this request ended because the customer declined, within the time that one may take. */
  async wasDeclined(purpose: CustomerPurpose): Promise<boolean> {
    return (await this.#get(declinedId(purpose)))?.stage === "declined";
  }

  async #keepDeclined(body: SignInBody, purpose: CustomerPurpose): Promise<void> {
    const id = declinedId(purpose);
    // Two windows may be declined.
    await this.#ports.documents.take("sign-in", id, this.#ports.clock.now());
    await this.#write(id, { ...body, stage: "declined", sealed: this.#ports.box.seal("", sealedPlaceOf(id)) });
  }

  async #tell({ conversationId, requestId, customerId }: CustomerPurpose): Promise<void> {
    try {
      await this.#ports.onConnected({ conversationId, requestId, customerId });
    } catch (error) {
      // The sign-in is kept, so the next call finds it, however the card ended.
      this.#ports.log.error(
        { error, conversationId },
        "A customer signed in, but their conversation could not be informed. Its next call will use the sign-in.",
      );
    }
  }

  /** With `__Host-`, no page of a neighbouring host can replace our cookie with its own. */
  #cookieName(state: string): string {
    const prefix = this.#ports.publicUrl().startsWith("https://") ? "__Host-" : "";
    return `${prefix}frontdesk-sign-in-${digest(state).slice(0, 16)}`;
  }

  async #get(id: string): Promise<SignInBody | undefined> {
    const { documents, clock } = this.#ports;
    const document = await documents.get("sign-in", id, clock.now());
    return document === undefined ? undefined : signInBodySchema.parse(document.body);
  }

  async #write(id: string, body: SignInBody): Promise<void> {
    const { documents, clock } = this.#ports;
    const at = clock.now();
    await documents.write([{ do: "create", kind: "sign-in", id, body, expiresAt: at + SIGN_IN_MS }], { at });
  }

  #started(body: SignInBody, id: string): StartedSignIn {
    return startedSchema.parse(JSON.parse(this.#ports.box.open(body.sealed, sealedPlaceOf(id))));
  }
}

function actorOf(purpose: Purpose): AuditActor {
  return purpose.kind === "staff" ? purpose.by : { kind: "system", id: `customer/${purpose.customerId}`, name: "A customer" };
}

/** Shows the error codes of RFC 6749, but nothing else that came through the browser. */
function reasonOf(error: string | undefined): string {
  return error !== undefined && /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : "";
}
