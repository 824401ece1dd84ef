import type { DefaultEventsMap, Server } from "socket.io";
import type { StaffClientToServer, StaffServerFrames, StaffServerToClient } from "../../../protocol/staff-frames.ts";
import type { LastingSignIn } from "../../identity/staff/lasting-sign-in.ts";
import type { LineSession } from "../line/line-session.ts";
import { type EncodePacket, encodePacket } from "../line/packet.ts";

/** All that is kept for a socket of the staff beside socket.io's own. */
export interface StaffSocketData {
  signIn: LastingSignIn;
  /** The network it comes from. */
  address: string;
  /** What is below its packets; absent when it is gone by now. */
  session: LineSession | undefined;
  /** How often a request was refused for being too much; absent before the first time. */
  refusals?: number;
}

export type StaffLine = Server<StaffClientToServer, StaffServerToClient, DefaultEventsMap, StaffSocketData>;
export type StaffSocket = Parameters<Parameters<StaffLine["use"]>[0]>[0];

export const encodeForStaff: EncodePacket<StaffServerFrames> = encodePacket;

/** The socket.io room of the staff who watch a conversation. */
export function watchersOf(conversationId: string): string {
  return `watchers:${conversationId}`;
}

/** The socket.io room of the staff whose lists follow the inbox. */
export const INBOX_WATCHERS = "inbox";
