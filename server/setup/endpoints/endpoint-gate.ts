import type { ChangedDocuments, DocumentStore } from "../../documents/ports.ts";
import type { Log } from "../../foundation/log.ts";
import type { ConnectedDevices } from "../../tools/devices/connected-devices.ts";
import { CLOSED, type Closing, type DeviceSeat, type DeviceSocket } from "../../tools/devices/ports.ts";
import type { TokenSeal } from "./endpoint-token.ts";
import { placeOf, type StoredEndpoints, type StoredToken } from "./stored-endpoints.ts";

export interface EndpointGatePorts {
  readonly documents: Pick<DocumentStore, "onChange">;
  readonly stored: StoredEndpoints;
  readonly seal: TokenSeal;
  readonly devices: ConnectedDevices;
  /** Whether there is an assistant of this key now. */
  readonly hasAssistant: (key: string) => boolean;
  readonly now: () => number;
  readonly log: Log;
}

const KINDS = ["assistant-endpoint", "endpoint-token", "assistant"] as const;

/** Lets devices in by their tokens, and turns them out at once when a token or an endpoint ends. */
export class EndpointGate {
  readonly #ports: EndpointGatePorts;
  /** Which generation of its token each device came with. */
  readonly #generations = new WeakMap<DeviceSeat, number>();
  readonly #end: () => void;

  constructor(ports: EndpointGatePorts) {
    this.#ports = ports;
    this.#end = ports.documents.onChange(KINDS, (changed) => this.#follow(changed));
  }

  /** Takes a socket in, or closes it with the reason. */
  async enter(socket: DeviceSocket, { token, address }: { readonly token: string; readonly address: string }): Promise<void> {
    const { stored, devices, log } = this.#ports;
    const admitted = await this.#admit(token.trim(), address);
    if ("code" in admitted) {
      log.warn({ address, code: admitted.code, reason: admitted.reason }, "A device was not let in.");
      return socket.close(admitted.code, admitted.reason);
    }
    const { seat, generation } = admitted;
    this.#generations.set(seat, generation);
    const place = { assistant: seat.assistant, id: seat.token.id };
    const noted = (): void =>
      void stored
        .saw(place, address)
        .catch((error: unknown) => log.error({ error: String(error), token: place.id }, "It could not be noted that a device was there."));
    await devices.add(socket, seat, noted);
    noted();
    // It may have ended between the look at it and now.
    await this.#turnOut(place);
  }

  close(): void {
    this.#end();
    this.#ports.devices.closeAll();
  }

  async #admit(text: string, address: string): Promise<Closing | { readonly seat: DeviceSeat; readonly generation: number }> {
    const { seal, stored, hasAssistant, now } = this.#ports;
    const content = seal.open(text);
    if (content === undefined) return CLOSED.tokenUnknown;
    const { assistant, token: id, generation } = content;
    const token = await stored.token({ assistant, id });
    const refusal = (hasAssistant(assistant) ? refusalOf(token, generation) : CLOSED.assistantGone) ?? (await this.#offOf(assistant));
    if (refusal !== undefined || token === undefined) return refusal ?? CLOSED.revoked;
    const seat = { assistant, token: { id, name: token.name, firstSeenAt: token.firstSeenAt ?? now() }, address };
    return { seat, generation };
  }

  async #offOf(assistant: string): Promise<Closing | undefined> {
    return (await this.#ports.stored.isEnabled(assistant)) ? undefined : CLOSED.endpointOff;
  }

  async #follow(changed: readonly ChangedDocuments[]): Promise<void> {
    for (const { kind, id, parent } of changed) {
      const place = kind === "endpoint-token" && id !== undefined ? placeOf(id) : { assistant: parent ?? id };
      const concerned = place.assistant === undefined ? this.#ports.devices.assistants() : [place.assistant];
      for (const assistant of concerned) await this.#turnOut({ ...place, assistant });
    }
  }

  /** Closes those that may not be there any more: of one token, or of the whole assistant. */
  async #turnOut({ assistant, id }: { readonly assistant: string; readonly id?: string }): Promise<void> {
    const { devices, stored, hasAssistant } = this.#ports;
    const seats = devices.seats(assistant).filter(({ token }) => id === undefined || token.id === id);
    if (seats.length === 0) return;
    if (!hasAssistant(assistant)) return devices.close(assistant, CLOSED.assistantGone);
    const off = await this.#offOf(assistant);
    if (off !== undefined) return devices.close(assistant, off);
    const tokens = new Map<string, StoredToken | undefined>();
    for (const { token } of seats) if (!tokens.has(token.id)) tokens.set(token.id, await stored.token({ assistant, id: token.id }));
    for (const seat of seats) {
      const refusal = refusalOf(tokens.get(seat.token.id), this.#generations.get(seat));
      if (refusal !== undefined) devices.close(assistant, refusal, (one) => one === seat);
    }
  }
}

function refusalOf(token: StoredToken | undefined, generation: number | undefined): Closing | undefined {
  if (token === undefined) return CLOSED.revoked;
  return token.generation === generation ? undefined : CLOSED.rotated;
}
