import type { JournalEvent } from "../../../protocol/events.ts";
import type { ProgressFrame, TextFrame } from "../../../protocol/frames.ts";
import { customerView } from "../../conversation/customer-view.ts";
import type { Log } from "../../foundation/log.ts";
import type { Room } from "../../conversation/ports/room.ts";
import type { LineServer } from "./line-server.ts";
import { SlowSockets } from "./slow-sockets.ts";

/** The socket.io room of the customers who listen to a conversation. */
export function roomName(conversationId: string): string {
  return `customers:${conversationId}`;
}

/**
 * Whoever listens, over socket.io. Events always arrive; text and progress are passing, so a socket that cannot keep up does not get them until it has
 * caught up, sees the gap in the offsets and opens the conversation again.
 */
export function createRoom(io: LineServer, log: Log): Room {
  const slow = new SlowSockets(io);

  const quietly = (conversationId: string, tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      log.error({ error, conversationId }, "The listeners of a conversation could not be told something. They find it in the journal.");
    }
  };

  const passing = (conversationId: string, event: "text" | "progress", frame: TextFrame | ProgressFrame): void => {
    const name = roomName(conversationId);
    const listeners = io.of("/").adapter.rooms.get(name);
    if (listeners === undefined) return;
    const skipped = slow.among(listeners);
    if (skipped.length === listeners.size) return;
    const audience = skipped.length === 0 ? io.to(name) : io.to(name).except(skipped);
    audience.emit(event, frame as TextFrame & ProgressFrame);
  };

  return {
    events(conversationId, events) {
      quietly(conversationId, () => {
        if (events[0]?.seq === 1) expelStrangers(io, conversationId, events[0]);
        const name = roomName(conversationId);
        if (io.of("/").adapter.rooms.has(name)) io.to(name).emit("events", { conversationId, events: events.map(customerView) });
      });
    },
    text: (frame) => quietly(frame.conversationId, () => passing(frame.conversationId, "text", frame)),
    progress: (frame) => quietly(frame.conversationId, () => passing(frame.conversationId, "progress", frame)),
  };
}

/**
 * Anybody may listen to a conversation that does not exist yet, since it is nobody's. Its first message makes it somebody's: whoever else waited under
 * that id leaves before the event goes out.
 */
function expelStrangers(io: LineServer, conversationId: string, first: JournalEvent): void {
  if (first.type !== "message-received") return;
  const name = roomName(conversationId);
  for (const socketId of io.of("/").adapter.rooms.get(name) ?? []) {
    const socket = io.of("/").sockets.get(socketId);
    if (socket !== undefined && socket.data.customer.id !== first.by.id) void socket.leave(name);
  }
}
