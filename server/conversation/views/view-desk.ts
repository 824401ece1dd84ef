import type { ParsedRequest } from "../../../protocol/frames.ts";
import type { EventOf } from "../../../protocol/events.ts";
import type { ViewNote, ViewToolResult } from "../../../protocol/views.ts";
import type { ResourceContents, Tool } from "../ports/tools.ts";

/** The customer behind a view, on one page view, as the line identified them. */
export interface ViewCustomer {
  readonly id: string;
  /** Key of the assistant they talk with, or the name of its preview. */
  readonly assistant: string;
  readonly sessionId: string;
}

/** One call of one conversation, whose view it is. */
export interface OfView {
  readonly conversationId: string;
  readonly callId: string;
}

/** What a view is drawn with. */
export interface ViewAtHand {
  readonly call: EventOf<"tool-call-proposed">;
  /** As it is offered at this moment; it has a `view`. */
  readonly tool: Tool;
  /** The arguments that ran, or will. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly result?: ViewToolResult;
  /** It ended without a result: why, in a sentence. */
  readonly cancelled?: string;
}

export type ServerNote = EventOf<"view-noted">["what"];

/**
 * What views of calls may do: as the customer, in that one conversation, with that one server. A view is hostile by
 * assumption, so whatever it asks is decided here. Every method checks that the conversation is the customer's own, and
 * that the call has a view whose tool may still be used; it throws `RequestError` otherwise, and nothing has changed
 * then.
 */
export interface ViewDesk {
  open(customer: ViewCustomer, of: OfView): Promise<ViewAtHand>;
  /** The tool whose view it is, as it is offered at this moment; it has a `view`. */
  tool(customer: ViewCustomer, of: OfView): Promise<Tool>;
  /**
   * Calls a tool of the view's server that views may call, under the owner's permissions; a person approves it first
   * where they ask for that. Throws `view-refused` with the reason in `detail`, or `view-busy`.
   */
  call(customer: ViewCustomer, request: ParsedRequest<"view-call">): Promise<ViewToolResult>;
  /** Throws `view-refused`, or `view-busy`. */
  read(customer: ViewCustomer, request: ParsedRequest<"view-read">): Promise<readonly ResourceContents[]>;
  /** Kept for the model's next turn. */
  tell(customer: ViewCustomer, request: ParsedRequest<"view-context">): Promise<void>;
  /** Kept for the staff. More than a view may do is left out without a word. */
  note(
    customer: ViewCustomer,
    request: OfView & { readonly what: ViewNote | ServerNote; readonly detail?: string | undefined },
  ): Promise<void>;
}
