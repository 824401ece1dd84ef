import type { DecisionName, ParsedRequest, Replies, RequestName } from "../../../protocol/frames.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import { openAndListen, stopListening } from "./listening.ts";
import type { LineSocket } from "./line-server.ts";

export interface LineRequest<N extends RequestName> {
  /** `message`: it makes the server or others work, so it counts as a message on top of what every request counts. */
  readonly costs: "request" | "message";
  /** Whether the reply may be megabytes: then it waits until the one before has left. */
  readonly largeReply?: true;
  readonly carryOut: (desk: CustomerDesk, socket: LineSocket, frame: ParsedRequest<N>) => Promise<Replies[N]>;
}

/** Every request of the customer line, once its frame is parsed. */
export const REQUESTS: { readonly [N in RequestName]: LineRequest<N> } = {
  "identity-renew": { costs: "request", carryOut: () => Promise.reject(new TypeError("The gateway renews what a customer is.")) },
  "page-tools-offer": { costs: "request", carryOut: ofPages },
  "page-call-begin": { costs: "request", carryOut: ofPages },
  "page-call-end": { costs: "request", carryOut: ofPages },
  "view-open": { costs: "request", carryOut: ofViews },
  // Their replies wait for people and servers, so none keeps another waiting.
  "view-call": { costs: "request", carryOut: ofViews },
  "view-read": { costs: "request", carryOut: ofViews },
  "view-context": { costs: "request", carryOut: ofViews },
  "view-note": { costs: "request", carryOut: ofViews },
  "conversations-list": {
    costs: "request",
    carryOut: async (desk, socket, frame) => ({ conversations: await desk.list(socket.data.customer, frame) }),
  },
  "conversation-open": { costs: "request", largeReply: true, carryOut: openAndListen },
  "conversation-page": { costs: "request", largeReply: true, carryOut: (desk, socket, frame) => desk.page(socket.data.customer, frame) },
  "conversation-leave": {
    costs: "request",
    carryOut: async (_desk, socket, frame) => {
      await stopListening(socket, frame.conversationId);
      return {};
    },
  },
  "message-send": { costs: "message", carryOut: (desk, socket, frame) => desk.send(socket.data.customer, frame) },
  "approval-decide": decision("approval-decide"),
  "turn-stop": {
    costs: "request",
    carryOut: async (desk, socket, frame) => {
      await desk.stop(socket.data.customer, frame);
      return {};
    },
  },
  "turn-retry": { costs: "message", carryOut: (desk, socket, frame) => desk.retry(socket.data.customer, frame) },
  "connection-start": { costs: "message", carryOut: (desk, socket, frame) => desk.startConnection(socket.data.customer, frame) },
  "connection-look": { costs: "request", carryOut: (desk, socket, frame) => desk.lookAtConnection(socket.data.customer, frame) },
  "connection-decide": decision("connection-decide"),
  "connections-list": {
    costs: "request",
    carryOut: async (desk, socket) => ({ connections: await desk.listConnections(socket.data.customer) }),
  },
  "connection-remove": {
    costs: "message",
    carryOut: async (desk, socket, frame) => {
      await desk.removeConnection(socket.data.customer, frame.connectionId);
      return {};
    },
  },
  "input-decide": decision("input-decide"),
  "person-ask": { costs: "message", carryOut: (desk, socket, frame) => desk.askForPerson(socket.data.customer, frame) },
  "contact-leave": { costs: "message", carryOut: (desk, socket, frame) => desk.leaveContact(socket.data.customer, frame) },
  "feedback-give": { costs: "message", carryOut: (desk, socket, frame) => desk.giveFeedback(socket.data.customer, frame) },
  "call-start": { costs: "message", carryOut: () => Promise.reject(new TypeError("The gateway begins calls.")) },
  "call-read": {
    costs: "request",
    largeReply: true,
    carryOut(desk, socket, frame) {
      // Pictures are sent whole, and a network has many sockets.
      socket.data.session?.checkUnread();
      return desk.readCall(socket.data.customer, frame);
    },
  },
  typing: {
    costs: "request",
    carryOut: async (desk, socket, frame) => {
      await desk.typing(socket.data.customer, frame);
      return {};
    },
  },
};

function decision<N extends DecisionName>(name: N): LineRequest<N> {
  return { costs: "request", carryOut: (desk, socket, frame) => desk.decide(socket.data.customer, name, frame) };
}

/** No business of the desk. */
function ofPages(): Promise<never> {
  return Promise.reject(new TypeError("The gateway serves the pages that bring tools."));
}

/** Nor are views: they have a gate of their own. */
function ofViews(): Promise<never> {
  return Promise.reject(new TypeError("The gateway serves views."));
}
