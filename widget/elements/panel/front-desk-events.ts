import type { WireError } from "../../../protocol/errors.ts";
import { NativeEvent } from "../../native/native-event.ts";

const OUTWARD = { bubbles: true, composed: true };

/** The panel was opened. */
export class FrontDeskOpenEvent extends NativeEvent {
  static readonly type = "frontdesk-open";
  constructor() {
    super(FrontDeskOpenEvent.type, OUTWARD);
  }
}

/** The panel was closed. */
export class FrontDeskCloseEvent extends NativeEvent {
  static readonly type = "frontdesk-close";
  constructor() {
    super(FrontDeskCloseEvent.type, OUTWARD);
  }
}

/** The customer wrote a message here. */
export class FrontDeskMessageEvent extends NativeEvent {
  static readonly type = "frontdesk-message";
  readonly messageId: string;
  readonly text: string;
  constructor(messageId: string, text: string) {
    super(FrontDeskMessageEvent.type, OUTWARD);
    this.messageId = messageId;
    this.text = text;
  }
}

/** An answer ended; `text` is its Markdown. */
export class FrontDeskAnswerEvent extends NativeEvent {
  static readonly type = "frontdesk-answer";
  readonly turnId: string;
  readonly outcome: "done" | "stopped" | "failed";
  readonly text: string;
  constructor(turnId: string, outcome: "done" | "stopped" | "failed", text: string) {
    super(FrontDeskAnswerEvent.type, OUTWARD);
    this.turnId = turnId;
    this.outcome = outcome;
    this.text = text;
  }
}

/** A request for approval was shown (`waiting`), or came to its end. */
export class FrontDeskApprovalEvent extends NativeEvent {
  static readonly type = "frontdesk-approval";
  readonly approvalId: string;
  readonly status: "waiting" | "approved" | "rejected" | "expired" | "withdrawn";
  /** The tool's title, "Refund order". */
  readonly title: string;
  constructor(approvalId: string, status: FrontDeskApprovalEvent["status"], title: string) {
    super(FrontDeskApprovalEvent.type, OUTWARD);
    this.approvalId = approvalId;
    this.status = status;
    this.title = title;
  }
}

/** The customer was asked to sign in at a server (`waiting`), or that came to its end. */
export class FrontDeskConnectionEvent extends NativeEvent {
  static readonly type = "frontdesk-connection";
  readonly requestId: string;
  readonly status: "waiting" | "connected" | "skipped" | "expired" | "withdrawn";
  /** The server's name, "Orders". */
  readonly title: string;
  constructor(requestId: string, status: FrontDeskConnectionEvent["status"], title: string) {
    super(FrontDeskConnectionEvent.type, OUTWARD);
    this.requestId = requestId;
    this.status = status;
    this.title = title;
  }
}

/**
 * A server asked the customer something, a form or a page to visit (`waiting`), or that came to its end. What was
 * answered stays out of it.
 */
export class FrontDeskQuestionEvent extends NativeEvent {
  static readonly type = "frontdesk-question";
  readonly requestId: string;
  readonly status: "waiting" | "accept" | "decline" | "cancel" | "expired" | "withdrawn";
  /** The server's name, "Orders". */
  readonly title: string;
  constructor(requestId: string, status: FrontDeskQuestionEvent["status"], title: string) {
    super(FrontDeskQuestionEvent.type, OUTWARD);
    this.requestId = requestId;
    this.status = status;
    this.title = title;
  }
}

/** The server refused a message, an answer to a card or the connection. */
export class FrontDeskErrorEvent extends NativeEvent {
  static readonly type = "frontdesk-error";
  readonly error: WireError;
  constructor(error: WireError) {
    super(FrontDeskErrorEvent.type, OUTWARD);
    this.error = error;
  }
}

declare global {
  interface HTMLElementEventMap {
    "frontdesk-open": FrontDeskOpenEvent;
    "frontdesk-close": FrontDeskCloseEvent;
    "frontdesk-message": FrontDeskMessageEvent;
    "frontdesk-answer": FrontDeskAnswerEvent;
    "frontdesk-approval": FrontDeskApprovalEvent;
    "frontdesk-connection": FrontDeskConnectionEvent;
    "frontdesk-question": FrontDeskQuestionEvent;
    "frontdesk-error": FrontDeskErrorEvent;
  }
}
