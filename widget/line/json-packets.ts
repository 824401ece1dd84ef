import { toJson } from "../native/to-json.ts";

/** The kinds of packets that the line uses. See "Exchange protocol" in the Socket.IO protocol, version 5. */
export const CONNECT = 0;
export const DISCONNECT = 1;
export const EVENT = 2;
export const ACK = 3;
export const CONNECT_ERROR = 4;

/** `id`: of the request that is to be acknowledged, or was; empty for none. `data`: always an array in events and acks. */
export interface Packet {
  readonly type: number;
  readonly id: string;
  readonly data: unknown;
}

/** A packet of the default namespace, without attachments. See "Packet encoding" in the Socket.IO protocol. */
export function encodePacket(type: number, data?: unknown, id: string | number = ""): string {
  return `${type}${id}${data === undefined ? "" : toJson(data)}`;
}

/** The other way. Throws for what is no packet, and for one of another namespace: the line never joins any. */
export function decodePacket(text: string): Packet {
  const [, type, id = "", data] = /^(?=[014]|[23]\d*\[)(.)(\d*)(.*)$/s.exec(text) ?? [];
  if (type === undefined) throw new Error("The server sent something that is no packet.");
  return { type: Number(type), id, data: data && (JSON.parse(data) as unknown) };
}
