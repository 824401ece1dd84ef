import type { RequestFrame, RequestName } from "../../protocol/frames.ts";

/** A request without what the controller adds: which conversation it is about. */
export type Within<N extends RequestName> = Omit<RequestFrame<N>, "conversationId">;

/** What a person decided about a card: the request that carries it, and its word for `deciding`. */
export type CardDecision = {
  [N in "approval-decide" | "connection-decide" | "input-decide"]: {
    readonly name: N;
    readonly frame: Within<N>;
    readonly deciding: string;
  };
}["approval-decide" | "connection-decide" | "input-decide"];
