import { toJson } from "../native/to-json.ts";

/** A packet of the Socket.IO protocol, version 5. `nsp` is its namespace; the line uses the default one, `/`. */
interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: unknown;
}

/**
 * socket.io's `parser` option for lines that carry JSON alone: the same wire format as its own, without attachments, at
 * a tenth of the bytes. See "Packet encoding" in the Socket.IO protocol.
 */
export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    return [`${type}${nsp === "/" ? "" : `${nsp},`}${id ?? ""}${data === undefined ? "" : toJson(data)}`];
  }
}

/** The other way. Throws for what is no packet; socket.io then closes the connection. */
export class Decoder {
  #decoded: ((packet: Packet) => void) | undefined;

  on(_event: "decoded", decoded: (packet: Packet) => void): void {
    this.#decoded = decoded;
  }

  off(): void {
    this.#decoded = undefined;
  }

  add(text: string): void {
    const [, type, nsp, id, data] = /^([0-4])(?:(\/[^,]*),)?(\d*)(.*)$/s.exec(text) ?? [];
    if (type === undefined) throw new Error("The server sent something that is no packet.");
    const packet = { type: Number(type), nsp: nsp ?? "/" };
    this.#decoded?.({ ...packet, ...(id ? { id: Number(id) } : {}), ...(data ? { data: JSON.parse(data) as unknown } : {}) });
  }

  destroy(): void {
    this.off();
  }
}
