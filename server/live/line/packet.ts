/** What writing a packet needs of a socket of socket.io. */
export interface PacketSocket {
  readonly conn: { write(data: string, options: object): unknown };
}

/** `encodePacket` for the frames of one line. */
export type EncodePacket<Frames> = <Name extends keyof Frames>(name: Name, frame: Frames[Name]) => Packet;

/** A WebSocket frame with more bytes has a longer head, which is left to engine.io. */
const MOST_SHORT = 125;
const MOST_BYTES = 0xffff;

/** What `engine.io` writes to a socket: the packet, and the same as bytes of the wire. */
export interface Packet {
  readonly data: string;
  /** `wsPreEncodedFrame` is what socket.io's own adapters give engine.io; polling and larger packets go without. */
  readonly options: { readonly compress: false; readonly wsPreEncodedFrame?: readonly [Buffer] };
}

/**
 * Encodes an event of the line once for all who get it, as one piece of memory, so that sending it is one write. The
 * formats are an EVENT of the Socket.IO protocol in its default namespace, a message of the Engine.IO protocol around
 * it, and a text frame of a WebSocket (RFC 6455, 5.2) around that.
 */
export function encodePacket(name: string, frame: unknown): Packet {
  const data = `2${JSON.stringify([name, frame])}`;
  const length = Buffer.byteLength(data) + 1;
  if (length > MOST_BYTES) return { data, options: { compress: false } };
  const start = length > MOST_SHORT ? 4 : 2;
  const bytes = Buffer.allocUnsafe(start + length);
  bytes[0] = 0x81;
  if (start === 2) bytes[1] = length;
  else {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  }
  bytes.write(`4${data}`, start, "utf8");
  return { data, options: { compress: false, wsPreEncodedFrame: [bytes] } };
}

/** Sends it after everything that was sent before, by `emit` too. */
export function sendPacket(socket: PacketSocket, { data, options }: Packet): void {
  // engine.io writes into the options that it is given.
  socket.conn.write(data, { ...options });
}
