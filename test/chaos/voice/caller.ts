/** A customer who calls a server in a process of its own, and may lose it at any moment. */
import { once } from "node:events";
import type { JournalEvent } from "../../../protocol/events.ts";
import type { WireError } from "../../../protocol/errors.ts";
import { openVoice, type VoiceClient } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { Customer } from "../customer.ts";
import type { Peers } from "./peers.ts";

const ADMIN_KEY = "an-admin-key-for-these-calls-alone-0123456789";
export const ENVIRONMENT = { FRONTDESK_ADMIN_KEY: ADMIN_KEY };

export class Caller {
  readonly conversationId: string;
  readonly #url: string;
  readonly #peers: Peers;
  #customer: Customer;
  #spokenMs = 1_000;

  constructor(url: string, peers: Peers, conversationId: string) {
    this.#url = url;
    this.#peers = peers;
    this.conversationId = conversationId;
    this.#customer = new Customer(url, conversationId);
  }

  get customer(): Customer {
    return this.#customer;
  }

  /** A token for a call; it is asked for until the server answers. */
  async token(voiceCallId: string, takeOver = false): Promise<string> {
    const reply = await this.#customer.request("call-start", { conversationId: this.conversationId, voiceCallId, takeOver });
    if (!reply.ok) throw new Error(JSON.stringify(reply.error));
    return reply.token;
  }

  /** A socket that has asked for its call. */
  async dial(token: string): Promise<VoiceClient> {
    const page = openVoice(this.#url, { Origin: this.#url });
    await once(page.socket, "open");
    page.say({ type: "call-open", token });
    return page;
  }

  /** Is on the line, or is told why not. */
  async call(voiceCallId: string, takeOver = false): Promise<VoiceClient | WireError> {
    const page = await this.dial(await this.token(voiceCallId, takeOver));
    return waitFor(() => (page.of("call-ready").length > 0 ? page : page.of("refused")[0]?.error));
  }

  /** Says a sentence, in two tenths of a second, to its end. */
  say(page: VoiceClient, text: string): void {
    this.begin(page, text);
    this.end(page);
  }

  /** Has begun to say it. */
  begin(page: VoiceClient, text: string): void {
    this.#peers.understand(text);
    page.say({ type: "speech", event: "started", atMs: this.#spokenMs });
    page.send(this.#spokenMs, 200, 0, 1);
    this.#spokenMs += 200;
  }

  /** Has said it. */
  end(page: VoiceClient): void {
    page.say({ type: "speech", event: "paused", atMs: this.#spokenMs, sinceMs: this.#spokenMs });
    this.#spokenMs += 1_000;
  }

  /** The tab is closed; another one is of the same customer. */
  async otherTab(): Promise<void> {
    const { token } = this.#customer;
    this.#customer.close();
    this.#customer = new Customer(this.#url, this.conversationId, token);
    await this.#customer.until(() => this.#customer.token !== undefined);
  }

  async journal(): Promise<readonly JournalEvent[]> {
    const url = `${this.#url}/api/v1/conversations/${this.conversationId}/events?limit=1000`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return response.status === 404 ? [] : ((await response.json()) as { items: JournalEvent[] }).items;
  }

  close(): void {
    this.#customer.close();
  }
}
