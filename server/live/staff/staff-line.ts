import type { DefaultEventsMap, Server } from "socket.io";
import {
  STAFF_LINE_PATH,
  type StaffClientToServer,
  type StaffServerFrames,
  type StaffServerToClient,
} from "../../../protocol/staff-frames.ts";
import type { LastingSignIn } from "../../identity/staff/lasting-sign-in.ts";
import { type LinePorts, openLineAt } from "../line/line-at.ts";
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

const ADVICE = "Only pages of this server may open it. Set PUBLIC_URL to the address that browsers use; programs send an API key.";

/** `origins` are our own: a browser sends its cookie from any page, so the page has to be the console's. Programs have none. */
export function openStaffLine({ origins, ...ports }: LinePorts & { readonly origins: () => readonly string[] }): StaffLine {
  return openLineAt({ path: STAFF_LINE_PATH, origins, needsOrigin: false, advice: ADVICE }, ports);
}

export const encodeForStaff: EncodePacket<StaffServerFrames> = encodePacket;

/** The socket.io room of the staff who watch a conversation. */
export function watchersOf(conversationId: string): string {
  return `watchers:${conversationId}`;
}

/** The socket.io room of the staff whose lists follow the inbox. */
export const INBOX_WATCHERS = "inbox";
