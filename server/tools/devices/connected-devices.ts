import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import type { PinVerdict } from "../mcp/servers/ports.ts";
import { DeviceLink, type DeviceStanding } from "./device-link.ts";
import { loadDeviceSdk } from "./device-sdk.ts";
import { CLOSED, type Closing, type DevicePins, type DeviceSeat, type DeviceSocket } from "./ports.ts";

export interface ConnectedDevicesPorts {
  readonly pins: DevicePins;
  readonly clock: Clock;
  readonly log: Log;
  /** Our version, as devices are given it. */
  readonly clientVersion?: string;
}

/** A device as people see it. */
export interface Device {
  /** What it calls itself, with a number where another one does too. */
  readonly name: string;
  readonly seat: DeviceSeat;
  readonly connectedAt: number;
  readonly standing: DeviceStanding;
  readonly tools: readonly DeviceTool[];
  readonly leftOut: readonly { readonly tool: string; readonly reason: string }[];
  /** Why its list could not be read the last time. */
  readonly fault?: string;
}

/** A tool of one device. `definition.tool` is its name here; `said.name` the device's own. */
export interface DeviceTool {
  readonly definition: ToolDefinition;
  readonly verdict: PinVerdict;
  readonly device: Device;
  readonly link: DeviceLink;
}

/** More than any assistant has. */
const MOST_DEVICES = 2_000;
/** The line of a device that came back is looked at for so long before it counts as another one of the same name. */
const TWIN_MS = 2_000;

/** Of the second thing of a name. */
const FIRST_NUMBER = 2;

interface Entry {
  readonly link: DeviceLink;
  name: string | undefined;
  /** Once, however often it lists its tools meanwhile. */
  introduced?: Promise<void>;
}

/** All devices of this server, by assistant. */
export class ConnectedDevices {
  readonly #ports: ConnectedDevicesPorts;
  readonly #entries = new Map<string, Set<Entry>>();
  /** Made anew when a device comes, goes or lists other tools. */
  readonly #names = new WeakMap<ToolDefinition, Map<string, ToolDefinition>>();
  readonly #onChanged = new Set<(assistant: string) => void>();
  #closed = false;

  constructor(ports: ConnectedDevicesPorts) {
    this.#ports = ports;
  }

  /** Takes a socket that was let in. Resolves once it is introduced to. */
  async add(socket: DeviceSocket, seat: DeviceSeat, onClosed: () => void): Promise<void> {
    const sdk = await loadDeviceSdk();
    const { clock, log, clientVersion = "0" } = this.#ports;
    const ours = this.#of(seat.assistant);
    if (this.#closed) return refuse(socket, CLOSED.stopping, onClosed);
    if (ours.size >= MOST_DEVICES) return refuse(socket, CLOSED.tooMany, onClosed);
    const link = new DeviceLink(
      socket,
      seat,
      { sdk, clock, log, clientVersion },
      {
        onListed: () => void this.#listed(entry),
        onClosed: () => {
          ours.delete(entry);
          if (ours.size === 0 && this.#entries.get(seat.assistant) === ours) this.#entries.delete(seat.assistant);
          this.#changed(seat.assistant);
          onClosed();
        },
      },
    );
    const entry: Entry = { link, name: undefined };
    this.#entries.set(seat.assistant, ours.add(entry));
  }

  /** `heard` is told of each assistant whose devices' tools may be others now. Returns what ends that. */
  onChanged(heard: (assistant: string) => void): () => void {
    this.#onChanged.add(heard);
    return () => void this.#onChanged.delete(heard);
  }

  /** Closes those of an assistant, or those of them that `which` names. */
  close(assistant: string, closing: Closing, which: (seat: DeviceSeat) => boolean = () => true): void {
    for (const { link } of this.#of(assistant)) if (which(link.seat)) link.close(closing);
  }

  closeAll(): void {
    this.#closed = true;
    for (const assistant of this.#entries.keys()) this.close(assistant, CLOSED.stopping);
  }

  /** The assistants that have any. */
  assistants(): readonly string[] {
    return [...this.#entries.keys()];
  }

  seats(assistant: string): readonly DeviceSeat[] {
    return [...this.#of(assistant)].map(({ link }) => link.seat);
  }

  /** Those of an assistant, the one that came first before the others. */
  of(assistant: string): readonly Device[] {
    return this.#merged(assistant).map(([entry, definitions]) => this.#device(entry, definitions));
  }

  /** Asks all of an assistant's devices for their tools, each for as long as a list may take. */
  async refresh(assistant: string): Promise<void> {
    const ready = [...this.#of(assistant)].filter(({ link }) => link.isReady);
    await Promise.all(ready.map(({ link }) => link.refresh()));
  }

  #of(assistant: string): Set<Entry> {
    return this.#entries.get(assistant) ?? new Set();
  }

  /** Each device with its tools by the names that they have here: the one that came first has the plain one. */
  #merged(assistant: string): readonly (readonly [Entry, readonly ToolDefinition[]])[] {
    const taken = new Map<string, number>();
    const open = [...this.#of(assistant)].filter(({ link }) => !link.isClosed);
    return open.map((entry) => {
      const { link, name } = entry;
      // Not before its name is known: until then it may be one that comes back.
      const listed = name === undefined ? [] : (link.list?.tools ?? []);
      const named = listed.map((definition) => {
        const here = freeName(definition.tool, name ?? "", taken);
        taken.set(here, FIRST_NUMBER);
        return this.#named(definition, here);
      });
      return [entry, named] as const;
    });
  }

  #device({ link, name }: Entry, definitions: readonly ToolDefinition[]): Device {
    const { seat, connectedAt, standing, list, listFault } = link;
    const tools: DeviceTool[] = [];
    const device: Device = {
      name: name ?? link.saidName ?? seat.token.name,
      seat,
      connectedAt,
      // Without a name its tools are not there either.
      standing: name === undefined && standing === "answering" ? "starting" : standing,
      tools,
      leftOut: list?.leftOut ?? [],
      ...(listFault === undefined ? {} : { fault: listFault }),
    };
    const verdicts = this.#ports.pins.observe(seat, definitions);
    for (const definition of definitions)
      tools.push({ definition, verdict: verdicts.get(definition.tool) ?? { use: "hidden", reason: "new" }, device, link });
    return device;
  }

  /** The same object for the same name, so that what was made of it is found again. */
  #named(definition: ToolDefinition, tool: string): ToolDefinition {
    if (definition.tool === tool) return definition;
    const known = this.#names.get(definition) ?? new Map<string, ToolDefinition>();
    this.#names.set(definition, known);
    const named = known.get(tool) ?? { ...definition, tool };
    known.set(tool, named);
    return named;
  }

  /** What it lists is pinned at once, whether anybody asks for it or not. */
  async #listed(entry: Entry): Promise<void> {
    await (entry.introduced ??= this.#introduce(entry));
    const { seat } = entry.link;
    const [, definitions = []] = this.#merged(seat.assistant).find(([one]) => one === entry) ?? [];
    this.#ports.pins.observe(seat, definitions);
    this.#changed(seat.assistant);
  }

  #changed(assistant: string): void {
    for (const heard of this.#onChanged) heard(assistant);
  }

  /** Gives it a name of its own. A device that came back takes the place of its earlier line where nobody is there. */
  async #introduce(entry: Entry): Promise<void> {
    const { link } = entry;
    const base = link.saidName ?? link.seat.token.name;
    const twins = [...this.#of(link.seat.assistant)].filter((one) => one !== entry && isTwin(one.link, link));
    await Promise.all(
      twins.map(async (twin) => {
        if (!(await twin.link.isThere(TWIN_MS))) twin.link.close(CLOSED.replaced);
      }),
    );
    if (link.isClosed) return;
    const names = new Set([...this.#of(link.seat.assistant)].filter((one) => !one.link.isClosed).map(({ name }) => name));
    let name = base;
    for (let number = FIRST_NUMBER; names.has(name); number += 1) name = `${base} ${number}`;
    entry.name = name;
    const { assistant, token, address } = link.seat;
    this.#ports.log.info(
      { assistant, token: token.id, device: name, address, tools: link.list?.tools.length ?? 0 },
      "A device is connected.",
    );
  }
}

function isTwin(one: DeviceLink, other: DeviceLink): boolean {
  return one.isReady && one.seat.token.id === other.seat.token.id && one.saidName === other.saidName;
}

/** A name that no device before it has. `taken`: those that are, each with the next number to try behind it. */
function freeName(tool: string, device: string, taken: Map<string, number>): string {
  if (!taken.has(tool)) return tool;
  const own = latin(device) || "device";
  const plain = `${own}_${tool}`;
  for (let name = plain; ;) {
    if (!taken.has(name)) return name;
    const number = taken.get(plain) ?? FIRST_NUMBER;
    taken.set(plain, number + 1);
    name = `${own}_${number}_${tool}`;
  }
}

/** What of a name may stand in a tool's: `Küche 2` is `Kuche_2`. Of other scripts nothing is left. */
function latin(name: string): string {
  const letters = name.normalize("NFKD").replace(/\p{M}+/gu, "");
  return letters.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}

function refuse(socket: DeviceSocket, { code, reason }: Closing, onClosed: () => void): void {
  socket.onClose(onClosed);
  socket.close(code, reason);
}
