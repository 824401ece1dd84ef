import { randomUUID } from "node:crypto";
import { io, type Socket } from "socket.io-client";
import * as z from "zod";

const LONGEST_MS = 20_000;

const eventSchema = z.looseObject({ seq: z.number(), type: z.string() });
const eventsSchema = z.object({ conversationId: z.string(), events: z.array(eventSchema) });
const callSchema = z.object({ token: z.string() });
const replySchema = z.looseObject({ ok: z.boolean() });
export type SeenEvent = z.infer<typeof eventSchema>;

/** A customer on a page of the shop, by the line that the widget uses. */
export class Customer {
  readonly #socket: Socket;
  readonly conversationId = randomUUID();
  readonly #events: SeenEvent[] = [];
  #watch: (() => void) | undefined;

  /** `identity`: what the shop says of who they are, as a token. */
  constructor(deskUrl: string, shopUrl: string, assistant: string, identity?: string) {
    const { origin, pathname } = new URL(deskUrl);
    this.#socket = io(origin, {
      path: `${pathname.replace(/\/$/, "")}/line`,
      transports: ["websocket"],
      forceNew: true,
      extraHeaders: { Origin: shopUrl },
      auth: { version: 1, assistant, sessionId: randomUUID(), ...(identity === undefined ? {} : { identity }) },
    });
    this.#socket.on("events", (frame: unknown) => {
      const { conversationId, events } = eventsSchema.parse(frame);
      if (conversationId !== this.conversationId) return;
      this.#events.push(...events);
      this.#watch?.();
    });
  }

  async say(text: string): Promise<void> {
    await this.#request("conversation-open", {});
    await this.#request("message-send", { messageId: randomUUID(), text });
  }

  /** Wants a person of the team. */
  async askForPerson(): Promise<void> {
    await this.#request("person-ask", {});
  }

  async rate(turnId: unknown, rating: "up" | "down", comment: string): Promise<void> {
    await this.#request("feedback-give", { turnId, rating, comment });
  }

  /** The first event of one of these types. Throws if none comes in time. */
  async sees(...types: readonly string[]): Promise<SeenEvent> {
    const found = (): SeenEvent | undefined => this.#events.find(({ type }) => types.includes(type));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The customer waited in vain for ${types.join(" or ")}.`)), LONGEST_MS);
      this.#watch = () => {
        const event = found();
        if (event === undefined) return;
        clearTimeout(late);
        resolve(event);
      };
      this.#watch();
    });
  }

  /** A token for the voice line. */
  async call(): Promise<string> {
    await this.#request("conversation-open", {});
    const { token } = callSchema.parse(await this.#request("call-start", { voiceCallId: randomUUID() }));
    return token;
  }

  leave(): void {
    this.#socket.disconnect();
  }

  async #request(name: string, frame: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const sent = { conversationId: this.conversationId, ...frame };
    const reply = replySchema.parse(await this.#socket.timeout(LONGEST_MS).emitWithAck(name, sent));
    if (!reply.ok) throw new Error(`${name} was refused: ${JSON.stringify(reply)}`);
    return reply;
  }
}
