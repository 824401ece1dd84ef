import { RequestError } from "../../../protocol/errors.ts";
import type { OpenedConversation, ParsedRequest } from "../../../protocol/frames.ts";
import type { CustomerDesk } from "../../conversation/customer-desk.ts";
import { roomName } from "./customer-listener.ts";
import type { LineSocket } from "./line-server.ts";

/** Conversations that one page may listen to at once. */
const MOST_ROOMS = 20;
/** Pages that may listen to one conversation. Each gets every piece of an answer, so each is work. */
const MOST_LISTENERS = 50;
const LISTENERS_MS = 30_000;

/** Joins first and reads then, so that nothing falls between. A customer who may not listen never joins. */
export async function openAndListen(
  desk: CustomerDesk,
  socket: LineSocket,
  request: ParsedRequest<"conversation-open">,
): Promise<OpenedConversation> {
  const { customer } = socket.data;
  if (!(await desk.canListen(customer, request.conversationId))) throw new RequestError("unknown-conversation");
  const room = roomName(request.conversationId);
  const listened = socket.rooms.has(room);
  // Every socket is in a room of its own besides.
  if (!listened && socket.rooms.size > MOST_ROOMS)
    throw new RequestError("rate-limited", { detail: "This page listens to too many conversations." });
  if (!listened && (socket.nsp.adapter.rooms.get(room)?.size ?? 0) >= MOST_LISTENERS)
    throw new RequestError("rate-limited", { detail: "This conversation is open in too many pages.", retryAfterMs: LISTENERS_MS });
  await socket.join(room);
  try {
    return await desk.open(customer, request);
  } catch (error) {
    if (!listened) await socket.leave(room);
    throw error;
  }
}

export async function stopListening(socket: LineSocket, conversationId: string): Promise<void> {
  await socket.leave(roomName(conversationId));
}
