import type { VisibleEvent } from "../../../protocol/events.ts";
import type { ServerFrames } from "../../../protocol/frames.ts";
import { customerView, shownActor } from "../../conversation/customer-view.ts";
import type { Listener } from "../room.ts";
import type { LineServer, LineSocket } from "./line-server.ts";
import { type EncodePacket, encodePacket, type Packet, sendPacket } from "./packet.ts";
import { SlowSockets } from "./slow-sockets.ts";

const encode: EncodePacket<ServerFrames> = encodePacket;

/** The socket.io room of the customers who listen to a conversation. */
export function roomName(conversationId: string): string {
  return `customers:${conversationId}`;
}

/**
 * The customers who listen, over socket.io. Events always arrive; text and progress are passing, so a socket that
 * cannot keep up does not get them until it has caught up, sees the gap in the offsets and opens the conversation
 * again. The first piece of a step says whose text it is; those that follow only name it, for readers who know `more`.
 */
export function customerListener(io: LineServer): Listener<VisibleEvent> {
  const slow = new SlowSockets();
  const { adapter, sockets } = io.of("/");

  /** To all who keep up. Each of the packets is made when it is needed first. */
  const passing = (conversationId: string, packetFor: (socket: LineSocket) => Packet): void => {
    for (const socketId of adapter.rooms.get(roomName(conversationId)) ?? []) {
      const socket = sockets.get(socketId);
      if (socket !== undefined && !slow.has(socket)) sendPacket(socket, packetFor(socket));
    }
  };

  return {
    name: "customers",
    hears: (conversationId) => adapter.rooms.has(roomName(conversationId)),
    view: customerView,
    events(conversationId, events) {
      const [first] = events;
      // A message, or the wish for a person.
      if (first?.seq === 1 && "by" in first && first.by.kind === "customer") expelOthers(io, conversationId, first.by.id);
      for (const event of events) if (event.type === "customer-identified") expelOthers(io, conversationId, event.customerId);
      io.to(roomName(conversationId)).emit("events", { conversationId, events });
    },
    text(frame) {
      const { conversationId, stream, offset, text } = frame;
      let whole: Packet | undefined;
      let more: Packet | undefined;
      passing(conversationId, ({ data }) =>
        offset > 0 && data.readsMore ? (more ??= encode("more", [stream, offset, text])) : (whole ??= encode("text", frame)),
      );
    },
    progress(frame) {
      let packet: Packet | undefined;
      passing(frame.conversationId, () => (packet ??= encode("progress", frame)));
    },
    typing({ conversationId, by, forCustomer }) {
      if (!forCustomer) return;
      const { name } = shownActor(by);
      let packet: Packet | undefined;
      passing(conversationId, () => (packet ??= encode("typing", { conversationId, ...(name === undefined ? {} : { name }) })));
    },
  };
}

/**
 * Anybody may listen to a conversation that does not exist yet, since it is nobody's. What its customer does first
 * makes it somebody's, so whoever else waits under that id leaves before the event goes out. So does a page of the same browser
 * that still speaks anonymously, once the conversation is an identified customer's.
 */
function expelOthers(io: LineServer, conversationId: string, customerId: string): void {
  const name = roomName(conversationId);
  for (const socketId of io.of("/").adapter.rooms.get(name) ?? []) {
    const socket = io.of("/").sockets.get(socketId);
    if (socket !== undefined && socket.data.customer.id !== customerId) void socket.leave(name);
  }
}
