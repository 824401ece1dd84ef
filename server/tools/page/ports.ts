import type { PageCallFrame } from "../../../protocol/page-tools.ts";

/** A page view of a customer. `sessionId` is the page's, the same after a lost connection. */
export interface PageSeat {
  readonly assistant: string;
  readonly customerId: string;
  readonly sessionId: string;
  /** Where the page is from, such as `https://shop.example`. Tools of one origin never run on another. */
  readonly origin: string;
}

/** The connection of a page, as long as it lasts. */
export interface PageLine {
  isOpen(): boolean;
  /** Whether the page shows this conversation. */
  shows(conversationId: string): boolean;
  tell(frame: PageCallFrame): void;
}
