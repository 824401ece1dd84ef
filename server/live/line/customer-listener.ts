import type { ProgressFrame, TextFrame } from "../../../protocol/frames.ts";
import type { VisibleEvent } from "../../../protocol/events.ts";
import { customerView } from "../../conversation/customer-view.ts";
import type { Listener } from "../room.ts";
import type { LineServer } from "./line-server.ts";
import { SlowSockets } from "./slow-sockets.ts";

/** The socket.io room of the customers who listen to a conversation. */
export function roomName(conversationId: string): string {
  return `customers:${conversationId}`;
}

/**
 * The customers who listen, over socket.io. Events always arrive; text and progress are passing, so a socket that
 * cannot keep up does not get them until it has caught up, sees the gap in the offsets and opens the conversation
 * again.
 */
export function customerListener(io: LineServer): Listener<VisibleEvent> {
  const slow = new SlowSockets(io);

  const passing = (event: "text" | "progress", frame: TextFrame | ProgressFrame): void => {
    const name = roomName(frame.conversationId);
    const listeners = io.of("/").adapter.rooms.get(name);
    if (listeners === undefined) return;
    const skipped = slow.among(listeners);
    if (skipped.length === listeners.size) return;
    const audience = skipped.length === 0 ? io.to(name) : io.to(name).except(skipped);
    audience.emit(event, frame as TextFrame & ProgressFrame);
  };

  return {
    name: "customers",
    hears: (conversationId) => io.of("/").adapter.rooms.has(roomName(conversationId)),
    view: customerView,
    events(conversationId, events) {
      if (events[0]?.seq === 1) expelStrangers(io, conversationId, events[0]);
      io.to(roomName(conversationId)).emit("events", { conversationId, events });
    },
    text: (frame) => passing("text", frame),
    progress: (frame) => passing("progress", frame),
  };
}

/**
 * Anybody may listen to a conversation that does not exist yet, since it is nobody's. Its first message makes it
 * somebody's, so whoever else waits under that id leaves before the event goes out.
 */
function expelStrangers(io: LineServer, conversationId: string, first: VisibleEvent): void {
  if (first.type !== "message-received") return;
  const name = roomName(conversationId);
  for (const socketId of io.of("/").adapter.rooms.get(name) ?? []) {
    const socket = io.of("/").sockets.get(socketId);
    if (socket !== undefined && socket.data.customer.id !== first.by.id) void socket.leave(name);
  }
}
