import type { WireError } from "../../protocol/errors.ts";
import type { ApprovalCard, CallPart, Turn } from "../thread/state.ts";

/**
 * What the page around the widget may want to know: once each, live only (never for what is read back after a reload).
 * `message`: the customer wrote something here. `answer`: a turn ended. `approval`: a card was shown, or decided (see its `status`).
 * `error`: a message, a decision or the connection was refused.
 */
export type ThreadNews =
  | { readonly kind: "message"; readonly messageId: string; readonly text: string }
  | { readonly kind: "answer"; readonly turn: Turn }
  | { readonly kind: "approval"; readonly call: CallPart; readonly approval: ApprovalCard }
  | { readonly kind: "error"; readonly error: WireError };
