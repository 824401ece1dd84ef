import type { ParsedRequest, Replies, RequestName } from "../../../protocol/frames.ts";
import type { PageReplies } from "../../../protocol/page-tools.ts";
import type { ConnectedPages } from "../../tools/page/connected-pages.ts";
import type { PageLine, PageSeat } from "../../tools/page/ports.ts";
import { roomName } from "./customer-listener.ts";
import type { LineSocket } from "./line-server.ts";

export type PageRequestName = keyof PageReplies;
/** Whatever serves the tools that pages bring. */
export type ServesPages = Pick<ConnectedPages, "offer" | "acted" | "begin" | "end" | "left">;

/** What customers do themselves: the page on which they do it carries out what follows. */
const ACTS: readonly RequestName[] = [
  "message-send",
  "approval-decide",
  "connection-start",
  "connection-decide",
  "input-decide",
  "turn-stop",
  "turn-retry",
  "person-ask",
  "contact-leave",
  "feedback-give",
  "call-start",
  "typing",
];

export function isPageRequest(name: RequestName): name is PageRequestName {
  return name === "page-tools-offer" || name === "page-call-begin" || name === "page-call-end";
}

/** Sockets of customers, as pages that bring tools. It translates and decides nothing. */
export class PageLines {
  readonly #pages: ServesPages;
  readonly #lines = new WeakMap<LineSocket, PageLine>();
  readonly #offering = new WeakSet<LineSocket>();

  constructor(pages: ServesPages) {
    this.#pages = pages;
  }

  carryOut<N extends PageRequestName>(socket: LineSocket, name: N, parsed: ParsedRequest<N>): Replies[N];
  carryOut(socket: LineSocket, name: PageRequestName, parsed: never): Replies[PageRequestName] {
    const seat = seatOf(socket);
    if (name === "page-call-begin") return this.#pages.begin(seat, parsed);
    if (name === "page-call-end") return this.#pages.end(seat, parsed);
    const line = this.#lineOf(socket);
    if (!this.#offering.has(socket)) socket.on("disconnect", () => this.#pages.left(seat, line));
    this.#offering.add(socket);
    return this.#pages.offer(seat, line, parsed);
  }

  /** Hears of every request, before it is carried out. */
  asked(socket: LineSocket, name: RequestName, parsed: ParsedRequest<RequestName>): void {
    if (ACTS.includes(name) && "conversationId" in parsed) this.#pages.acted(seatOf(socket), this.#lineOf(socket), parsed.conversationId);
  }

  #lineOf(socket: LineSocket): PageLine {
    const known = this.#lines.get(socket);
    if (known !== undefined) return known;
    const line: PageLine = {
      isOpen: () => socket.connected,
      shows: (conversationId) => socket.rooms.has(roomName(conversationId)),
      tell: (frame) => void socket.emit("page-call", frame),
    };
    this.#lines.set(socket, line);
    return line;
  }
}

function seatOf({ data: { customer, origin } }: LineSocket): PageSeat {
  return { assistant: customer.assistant, customerId: customer.id, sessionId: customer.sessionId, origin };
}
