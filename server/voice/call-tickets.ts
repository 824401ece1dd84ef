import { randomBytes } from "node:crypto";
import { sha256Hex } from "../foundation/canonical-json.ts";
import type { Clock } from "../foundation/clock.ts";
import { type Caller, newestClaims } from "./caller.ts";

/** What a token of `call-start` is good for. */
export interface CallTicket {
  readonly caller: Caller;
  readonly conversationId: string;
  readonly voiceCallId: string;
  /** Which call of this customer elsewhere ends: whatever there is, or the one with this id. */
  readonly takeOver: boolean | string;
}

export const TICKET_MS = 30_000;
const TOKEN_BYTES = 32;

/**
 * Tokens that open a voice call: good once, for 30 seconds, and for one call. Kept by their hashes alone, so that
 * looking one up tells nothing by the time that it takes. A customer's newest token is their only one.
 */
export class CallTickets {
  readonly #clock: Pick<Clock, "now">;
  readonly #kept = new Map<string, { readonly ticket: CallTicket; readonly expiresAt: number }>();
  readonly #newest = new Map<string, string>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  issue(ticket: CallTicket): string {
    this.#forgetOld();
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const hash = sha256Hex(token);
    const { id } = ticket.caller;
    const before = this.#newest.get(id);
    if (before !== undefined) this.#kept.delete(before);
    this.#newest.set(id, hash);
    this.#kept.set(hash, { ticket, expiresAt: this.#clock.now() + TICKET_MS });
    return token;
  }

  /** Undefined: there was never such a token, it was used, or its time is over. */
  take(token: string): CallTicket | undefined {
    this.#forgetOld();
    const hash = sha256Hex(token);
    const ticket = this.#kept.get(hash)?.ticket;
    this.#forget(hash);
    return ticket;
  }

  /** The site said anew who this customer is, who may call with a token already. */
  known({ id, claims: now }: Pick<Caller, "id" | "claims">): void {
    const hash = this.#newest.get(id);
    const kept = hash === undefined ? undefined : this.#kept.get(hash);
    if (hash === undefined || kept === undefined) return;
    const { caller } = kept.ticket;
    const claims = newestClaims(caller.claims, now);
    if (claims !== undefined) this.#kept.set(hash, { ...kept, ticket: { ...kept.ticket, caller: { ...caller, claims } } });
  }

  /** The oldest come first. */
  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [hash, { expiresAt }] of this.#kept) {
      if (expiresAt > now) return;
      this.#forget(hash);
    }
  }

  #forget(hash: string): void {
    const id = this.#kept.get(hash)?.ticket.caller.id;
    this.#kept.delete(hash);
    if (id !== undefined && this.#newest.get(id) === hash) this.#newest.delete(id);
  }
}
