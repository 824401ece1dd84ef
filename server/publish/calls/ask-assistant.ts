import { RequestError } from "../../../protocol/errors.ts";
import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { Customer, CustomerDesk } from "../../conversation/customer-desk.ts";
import type { InputAnswer, InputRequest } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { FlowSide } from "./call-flow.ts";
import { type CallEnd, said } from "./call-result.ts";
import { type Caller, customerOf } from "./caller.ts";
import { canAsk, type ClientMeans } from "./carry-call.ts";
import { approvalAnswer, approvalQuestion } from "./approval-question.ts";
import type { HeardConversations } from "./heard-conversations.ts";
import { waitFor } from "./patience.ts";
import type { StaffCalls } from "./staff-calls.ts";

export interface AskAssistantPorts {
  readonly clock: Clock;
  readonly heard: HeardConversations;
  readonly calls: Pick<StaffCalls, "within">;
}

export interface AskedAssistant {
  readonly caller: Caller;
  /** The assistant's key. */
  readonly assistant: string;
  readonly message: string;
  /** The conversation to go on with. Absent: that of the connection, else a new one. */
  readonly conversation?: string;
  readonly side: FlowSide;
  readonly means: ClientMeans;
  readonly isTold: boolean;
}

export const ASK_INPUT = {
  type: "object",
  properties: {
    message: { type: "string", description: "What you ask or tell the assistant, in full sentences.", minLength: 1 },
    conversation: { type: "string", description: "The conversation of an earlier answer, to go on with it. Leave it out to begin." },
  },
  required: ["message"],
  additionalProperties: false,
} as const;

export const ASK_OUTPUT = {
  type: "object",
  properties: {
    answer: { type: "string" },
    conversation: { type: "string", description: "Name it to go on with this conversation." },
  },
  required: ["answer", "conversation"],
} as const;

const LONGEST_MS = 15 * 60_000;
const ENDING_MS = 10_000;
/** Connections whose conversation is known; the oldest is forgotten first. */
const MOST_SESSIONS = 10_000;

/** Runs a whole assistant for a client: its message is a customer's, and what the assistant says is the result. */
export class AskAssistant {
  readonly #ports: AskAssistantPorts;
  /** By connection and assistant. */
  readonly #conversations = new Map<string, string>();

  constructor(ports: AskAssistantPorts) {
    this.#ports = ports;
  }

  async run(desk: CustomerDesk, asked: AskedAssistant): Promise<CallEnd> {
    const { clock, heard, calls } = this.#ports;
    const { caller, assistant, message, side } = asked;
    const conversationId = this.#conversationOf(asked);
    const customer: Customer = { id: customerOf(caller), assistant, sessionId: caller.session ?? conversationId };
    const messageId = clock.id();
    const answering = new Answering({ desk, customer, conversationId, messageId, asked });
    const end = heard.follow(conversationId, (event) => answering.hear(event));
    const leave = calls.within(conversationId, caller.depth + 1);
    try {
      // A customer's first message begins a conversation, by whatever name: a name that a client made up is none.
      if (asked.conversation !== undefined) await desk.page(customer, { conversationId, before: 1 });
      await desk.send(customer, { conversationId, messageId, text: message });
      const wait = { isTold: asked.isTold, longestMs: LONGEST_MS, message: () => answering.standing };
      const waited = await waitFor(answering.ended, { side, clock }, wait);
      if (waited !== "done") await this.#stop(desk, customer, { conversationId, answering });
      return { ...answering.end(waited, conversationId), conversation: conversationId };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return said(
        "failed",
        error.code === "unknown-conversation" ? "There is no such conversation. Leave it out to begin one." : error.message,
      );
    } finally {
      end();
      leave();
    }
  }

  #conversationOf({ caller, assistant, conversation }: AskedAssistant): string {
    if (conversation !== undefined) return conversation;
    if (caller.session === undefined) return this.#ports.clock.id();
    const place = `${caller.session}/${assistant}`;
    const known = this.#conversations.get(place) ?? this.#ports.clock.id();
    this.#conversations.delete(place);
    this.#conversations.set(place, known);
    const [oldest] = this.#conversations.keys();
    if (this.#conversations.size > MOST_SESSIONS && oldest !== undefined) this.#conversations.delete(oldest);
    return known;
  }

  async #stop(
    desk: CustomerDesk,
    customer: Customer,
    { conversationId, answering }: { readonly conversationId: string; readonly answering: Answering },
  ): Promise<void> {
    if (answering.turnId === undefined) return;
    await desk.stop(customer, { conversationId, turnId: answering.turnId });
    const late = new Promise<void>((resolve) => this.#ports.clock.after(ENDING_MS, resolve));
    await Promise.race([answering.ended, late]);
  }
}

interface AnsweringParts {
  readonly desk: CustomerDesk;
  readonly customer: Customer;
  readonly conversationId: string;
  readonly messageId: string;
  readonly asked: AskedAssistant;
}

/** One answer while it is made. What it asks the customer goes to the person at the client, where there is a way. */
class Answering {
  readonly #parts: AnsweringParts;
  readonly #ended = Promise.withResolvers<void>();
  readonly #texts: string[] = [];
  #outcome: EventOf<"turn-ended"> | undefined;
  turnId: string | undefined;
  standing = "The assistant is answering.";

  constructor(parts: AnsweringParts) {
    this.#parts = parts;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  hear(event: JournalEvent): void {
    if (event.type === "turn-started" && event.messageId === this.#parts.messageId) this.turnId = event.turnId;
    if (!("turnId" in event) || event.turnId === undefined || event.turnId !== this.turnId) return;
    switch (event.type) {
      case "step-ended":
        if (event.text.trim() !== "") this.#texts.push(event.text);
        return;
      case "approval-requested":
        void this.#approval(event);
        return;
      case "input-requested":
        void this.#input(event);
        return;
      case "connection-requested":
        void this.#decide("connection-decide", { requestId: event.requestId, decision: "skipped" });
        return;
      case "approval-decided":
      case "input-decided":
        this.standing = "The assistant is answering.";
        return;
      case "turn-ended":
        this.#outcome = event;
        this.#ended.resolve();
        return;
      default:
        return;
    }
  }

  end(waited: "done" | "gone" | "over", conversation: string): CallEnd {
    const answer = this.#texts.join("\n\n");
    if (waited === "gone") return said("cancelled", "The client gave up before the assistant had answered.");
    if (waited === "over")
      return said(
        "failed",
        `The assistant was not done in time and was stopped. ${answer === "" ? "It had said nothing yet." : `So far it said: ${answer}`}`,
      );
    if (this.#outcome?.outcome !== "done")
      return said(
        "failed",
        "The assistant could not answer. Its conversation says why.",
        this.#outcome?.cause ?? this.#outcome?.error ?? "It was stopped.",
      );
    return { outcome: "ok", content: [{ kind: "text", text: answer }], structured: { answer, conversation } };
  }

  async #approval(event: EventOf<"approval-requested">): Promise<void> {
    const { asked } = this.#parts;
    if (event.approver !== "staff" && asked.means.form) {
      const question = approvalQuestion(
        event.fields.map(({ title, value }) => [title, value] as const),
        "The assistant wants to do this:",
      );
      const answers = await asked.side.ask({ approval: question });
      const decision = approvalAnswer(answers["approval"]) ? "approved" : "rejected";
      return this.#decide("approval-decide", { approvalId: event.approvalId, argumentsHash: event.argumentsHash, scope: "once", decision });
    }
    // Nobody is there who could: the assistant is told, instead of waiting for them.
    if (event.approver === "customer")
      return this.#decide("approval-decide", {
        approvalId: event.approvalId,
        argumentsHash: event.argumentsHash,
        scope: "once",
        decision: "rejected",
        reason: "The program that asks cannot show this question to a person.",
      });
    this.standing = "Waiting for the staff to approve something.";
  }

  async #input(event: EventOf<"input-requested">): Promise<void> {
    const { asked } = this.#parts;
    const { mode, message, fields = [], url = "" } = event;
    const request: InputRequest = mode === "form" ? { kind: "form", message, fields } : { kind: "url", message, url };
    const given: InputAnswer | undefined = canAsk(asked.means, request)
      ? (await asked.side.ask({ question: request }))["question"]
      : undefined;
    const { action = "cancel", content } = given ?? {};
    await this.#decide("input-decide", {
      requestId: event.requestId,
      action,
      ...(content === undefined ? {} : { content: { ...content } }),
    });
  }

  /** Somebody else may have been faster, or the turn is over: then there is nothing left to decide. */
  async #decide(name: Parameters<CustomerDesk["decide"]>[1], request: object): Promise<void> {
    const { desk, customer, conversationId } = this.#parts;
    await desk.decide(customer, name, { conversationId, ...request } as never).catch(() => undefined);
  }
}
