import type { ParsedRequest, Replies } from "../../../protocol/frames.ts";
import type { CallContext, ToolResult } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import { type FoundPage, OpenPages } from "./open-pages.ts";
import { PageCalls } from "./page-calls.ts";
import { notBegun } from "./page-result.ts";
import type { PageLine, PageSeat } from "./ports.ts";

/** A tool as it was offered, and from where. */
export interface PageCall {
  readonly customerId: string;
  readonly conversationId: string;
  readonly origin: string;
  readonly tool: string;
  readonly definitionHash: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The pages whose tools an assistant may call, and the calls that they carry out. */
export class ConnectedPages {
  readonly #pages: OpenPages;
  readonly #calls: PageCalls;
  readonly #onOffered: (assistant: string, tools: readonly string[]) => void;

  /** `onOffered` hears what pages of an assistant call their tools. */
  constructor(clock: Pick<Clock, "after">, onOffered: (assistant: string, tools: readonly string[]) => void = () => undefined) {
    this.#onOffered = onOffered;
    this.#pages = new OpenPages(clock);
    this.#calls = new PageCalls(clock);
  }

  /** Throws `RequestError` `rate-limited`. */
  offer(seat: PageSeat, line: PageLine, { tools }: ParsedRequest<"page-tools-offer">): Replies["page-tools-offer"] {
    const leftOut = this.#pages.offer(seat, line, tools);
    const unusable = new Set(leftOut.map(({ tool }) => tool));
    this.#onOffered(
      seat.assistant,
      tools.flatMap(({ name }) => (unusable.has(name) ? [] : [name])),
    );
    return { leftOut };
  }

  acted(...act: Parameters<OpenPages["acted"]>): void {
    this.#pages.acted(...act);
  }

  begin(seat: PageSeat, { callId }: ParsedRequest<"page-call-begin">): Replies["page-call-begin"] {
    return { granted: this.#calls.begin(seat, callId) };
  }

  end(seat: PageSeat, { callId, outcome, text }: ParsedRequest<"page-call-end">): Replies["page-call-end"] {
    this.#calls.answer(seat, callId, { outcome, text });
    return {};
  }

  left(seat: PageSeat, line: PageLine): void {
    const page = this.#pages.left(seat, line, (gone) => this.#calls.forgotten(gone));
    if (page !== undefined) this.#calls.left(page);
  }

  find(customerId: string, conversationId: string): FoundPage {
    return this.#pages.find(customerId, conversationId);
  }

  /** On the page where the customer acted last, if it still offers this very tool. Never rejects. */
  async call({ customerId, conversationId, origin, tool, definitionHash, input }: PageCall, context: CallContext): Promise<ToolResult> {
    const found = this.#pages.find(customerId, conversationId);
    if (found === undefined || !found.isHere) return notBegun("The page is gone.");
    const { page } = found;
    const isOffered = page.seat.origin === origin && page.tools.some((one) => one.tool === tool && one.definitionHash === definitionHash);
    if (!isOffered) return notBegun("The page where the customer acted last does not offer this tool.");
    return this.#calls.run(page, { tool, conversationId, input }, context);
  }
}
