import type { StaffEvent } from "../../../protocol/staff-frames.ts";
import { staffView } from "../../conversation/staff-view.ts";
import type { Listener } from "../room.ts";
import { type Packet, sendPacket } from "../line/packet.ts";
import { SlowSockets } from "../line/slow-sockets.ts";
import { encodeForStaff, type StaffLine, watchersOf } from "./staff-line.ts";

export interface StaffListenerPorts {
  readonly io: StaffLine;
  /** Whether staff may read what the model thought in this conversation. */
  readonly showsThoughts: (conversationId: string) => boolean;
}

/**
 * The staff who watch a conversation. However many they are, an event is viewed and written once for all of them. Events
 * always arrive; text, progress and typing are passing, so a socket that cannot keep up does not get them, and one that
 * is hopelessly behind is closed: it comes back and reads the journal.
 */
export function staffListener({ io, showsThoughts }: StaffListenerPorts): Listener<StaffEvent> {
  const slow = new SlowSockets();
  const { adapter, sockets } = io.of("/");

  const send = (conversationId: string, packet: () => Packet, passing: boolean): void => {
    let made: Packet | undefined;
    for (const socketId of adapter.rooms.get(watchersOf(conversationId)) ?? []) {
      const socket = sockets.get(socketId);
      if (socket === undefined || (slow.has(socket) && passing)) continue;
      sendPacket(socket, (made ??= packet()));
    }
  };

  return {
    name: "staff",
    hears: (conversationId) => adapter.rooms.has(watchersOf(conversationId)),
    view: (event, conversationId) => staffView(event, { thoughts: event.type === "step-ended" && showsThoughts(conversationId) }),
    events: (conversationId, events) => send(conversationId, () => encodeForStaff("events", { conversationId, events }), false),
    text: (frame) => send(frame.conversationId, () => encodeForStaff("text", frame), true),
    progress: (frame) => send(frame.conversationId, () => encodeForStaff("progress", frame), true),
    typing({ conversationId, by: { kind, id, name }, what }) {
      if (kind === "system") return;
      const by = { kind, id, ...(name === undefined ? {} : { name }) };
      send(conversationId, () => encodeForStaff("typing", { conversationId, by, what }), true);
    },
  };
}
