import { RequestError } from "../../../protocol/errors.ts";
import { type Assistant, permissionOf } from "../../conversation/ports/assistant.ts";
import { type AuditDraft, DocumentConflictError } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { toolNames } from "../../tools/definitions/tool-name.ts";
import type { ConnectedDevices, Device, DeviceTool } from "../../tools/devices/connected-devices.ts";
import { DEVICE_SERVER } from "../../tools/devices/device-tools.ts";
import { devicePinsKey } from "../mcp-servers/device-pins.ts";
import { acceptedPin, stateOf, type ToolPin } from "../mcp-servers/tool-pin.ts";
import type { ToolPins } from "../mcp-servers/tool-pins.ts";
import type { EndpointTokenView, EndpointView, FetchedTools, GivenToken, NoToolsReason } from "./endpoint-record.ts";
import type { TokenSeal } from "./endpoint-token.ts";
import type { StoredEndpoints, StoredToken, TokenPlace } from "./stored-endpoints.ts";

export interface EndpointsPorts {
  readonly stored: StoredEndpoints;
  readonly seal: TokenSeal;
  readonly devices: ConnectedDevices;
  readonly pins: Pick<ToolPins, "of" | "change">;
  /** Throws `RequestError` `not-found` or `forbidden` for whoever may not change this assistant. */
  readonly checkManaged: (staff: Staff, assistant: string) => Promise<void>;
  readonly assistant: (key: string) => Assistant | undefined;
  /** How this server is reached, such as `https://desk.example.com`. */
  readonly publicUrl: () => string;
  readonly clock: Pick<Clock, "now" | "id">;
}

const MOST_TOKENS = 1_000;

const EMPTY: Readonly<Record<NoToolsReason, string>> = {
  "endpoint-off": "The endpoint is switched off. Switch it on, and devices can connect.",
  "nobody-connected":
    "No device is connected. One that was cut off tries again after 2, 4, 8 and more seconds, up to ten minutes: wait some minutes, or start it again.",
  "no-tools": "What is connected offers no tools.",
  starting: "What is connected is just starting. Ask it again in a moment.",
  "not-answering": "What is connected does not answer. It is asked again every 20 seconds; start it again if that does not help.",
  "not-permitted": "The tools are there, and the assistant may use none of them: all are disabled in its connector “Devices”.",
};

/** What people do with an assistant's endpoint for devices. Every method throws `RequestError` `not-found` or `forbidden`. */
export class Endpoints {
  readonly #ports: EndpointsPorts;

  constructor(ports: EndpointsPorts) {
    this.#ports = ports;
  }

  async get(staff: Staff, assistant: string): Promise<EndpointView> {
    await this.#ports.checkManaged(staff, assistant);
    return this.#view(assistant);
  }

  /** Switching it off closes its devices at once. */
  async set(staff: Staff, assistant: string, enabled: boolean): Promise<EndpointView> {
    const { checkManaged, stored } = this.#ports;
    await checkManaged(staff, assistant);
    const before = await stored.isEnabled(assistant);
    if (before !== enabled) await stored.setEnabled(assistant, enabled, endpointAudit(staff, assistant, { before, enabled }));
    return this.#view(assistant);
  }

  async tokens(staff: Staff, assistant: string): Promise<readonly EndpointTokenView[]> {
    await this.#ports.checkManaged(staff, assistant);
    const devices = this.#ports.devices.of(assistant);
    return (await this.#ports.stored.tokens(assistant)).map(({ id, name, createdAt, lastSeenAt, address }) => ({
      id,
      name,
      createdAt,
      ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
      connected: devices.filter(({ seat }) => seat.token.id === id).length,
      silent: devices.filter(({ seat, standing }) => seat.token.id === id && standing === "silent").length,
      ...(address === undefined ? {} : { address }),
    }));
  }

  async create(staff: Staff, assistant: string, name: string): Promise<GivenToken> {
    const { checkManaged, stored, clock } = this.#ports;
    await checkManaged(staff, assistant);
    if ((await stored.tokens(assistant)).length >= MOST_TOKENS)
      throw new RequestError("forbidden", { detail: `An assistant has ${MOST_TOKENS} tokens at most. Revoke one first.` });
    const place = { assistant, id: clock.id() };
    await stored.create(place, { name, generation: 1, createdAt: clock.now() }, tokenAudit(staff, "create", place, { after: { name } }));
    return this.#given(place, 1);
  }

  /** The earlier address ends at once, and whatever is connected with it is closed. */
  async rotate(staff: Staff, place: TokenPlace): Promise<GivenToken> {
    const found = await this.#token(staff, place);
    const generation = found.generation + 1;
    try {
      await this.#ports.stored.replace({ ...found, generation }, tokenAudit(staff, "rotate", place, { after: { name: found.name } }));
    } catch (error) {
      if (!(error instanceof DocumentConflictError)) throw error;
      // A device came or went at this moment.
      return this.rotate(staff, place);
    }
    return this.#given(place, generation);
  }

  /** Whatever is connected with it is closed at once. */
  async revoke(staff: Staff, place: TokenPlace): Promise<void> {
    const { name } = await this.#token(staff, place);
    await this.#ports.stored.delete(place, tokenAudit(staff, "revoke", place, { before: { name } }));
  }

  /** Asks the devices for their tools now, and says what there is, or why there is nothing. */
  async fetchTools(staff: Staff, assistant: string): Promise<FetchedTools> {
    const { checkManaged, stored, devices } = this.#ports;
    await checkManaged(staff, assistant);
    if (!(await stored.isEnabled(assistant))) return { devices: [], empty: emptyFor("endpoint-off") };
    await devices.refresh(assistant);
    const found = devices.of(assistant);
    const views = found.map((device) => this.#deviceView(assistant, device));
    const reason = reasonOf(found, views);
    return { devices: views, ...(reason === undefined ? {} : { empty: emptyFor(reason) }) };
  }

  /**
   * Accepts a changed or new tool as it was shown, which its hash names. Throws `RequestError` `not-found` too, and
   * `version-changed` if it is another one by now.
   */
  async accept(staff: Staff, assistant: string, { tool, hash }: { readonly tool: string; readonly hash: string }): Promise<void> {
    const { checkManaged, pins, clock } = this.#ports;
    await checkManaged(staff, assistant);
    const accepted = (pin: ToolPin | undefined): ToolPin => {
      if (pin === undefined) throw new RequestError("not-found", { detail: `No device of ${assistant} has brought a tool "${tool}".` });
      const now = pin.offered ?? pin.accepted;
      if (now.hash !== hash)
        throw new RequestError("version-changed", { detail: `The tool "${tool}" changed after it was shown. Fetch the tools again.` });
      return acceptedPin(pin, now, { at: clock.now(), by: staff.name, enabled: pin.enabled });
    };
    await pins.change(devicePinsKey(assistant), tool, accepted, (before, after) => ({
      by: actorOf(staff),
      action: "endpoint.accept-tool",
      target: { kind: "assistant", id: assistant },
      before: { tool, hash: before.accepted.hash, definition: before.accepted.said },
      after: { tool, hash: after.accepted.hash, definition: after.accepted.said },
    }));
  }

  async #view(assistant: string): Promise<EndpointView> {
    const { stored, devices } = this.#ports;
    return { enabled: await stored.isEnabled(assistant), connected: devices.seats(assistant).length };
  }

  async #token(staff: Staff, place: TokenPlace): Promise<StoredToken> {
    await this.#ports.checkManaged(staff, place.assistant);
    const found = await this.#ports.stored.token(place);
    if (found === undefined)
      throw new RequestError("not-found", { detail: `The endpoint of ${place.assistant} has no token ${place.id}.` });
    return found;
  }

  #given({ assistant, id }: TokenPlace, generation: number): GivenToken {
    const token = this.#ports.seal.seal({ assistant, token: id, generation });
    return { id, url: `${this.#ports.publicUrl().replace(/^http/, "ws")}/mcp_endpoint/mcp/?token=${token}` };
  }

  #deviceView(assistant: string, device: Device): FetchedTools["devices"][number] {
    const { name, seat, connectedAt, standing, fault, tools, leftOut } = device;
    return {
      name,
      token: { id: seat.token.id, name: seat.token.name },
      address: seat.address,
      connectedAt,
      standing,
      ...(fault === undefined ? {} : { fault }),
      tools: tools.map((tool) => this.#toolView(assistant, tool)),
      leftOut: leftOut.map((one) => ({ ...one })),
    };
  }

  #toolView(assistant: string, { definition }: DeviceTool): FetchedTools["devices"][number]["tools"][number] {
    const { tool, title, description, inputSchema, definitionHash: hash } = definition;
    const pin = this.#ports.pins.of(devicePinsKey(assistant)).get(tool);
    const state = pin === undefined ? "new" : stateOf(pin);
    const [modelName = tool] = toolNames(DEVICE_SERVER, [tool]);
    const { properties } = inputSchema;
    return {
      name: tool,
      modelName,
      title,
      description,
      hash,
      parameters: typeof properties === "object" && properties !== null ? Object.keys(properties).length : 0,
      state: state === "gone" ? "accepted" : state,
      permission: permissionOf(this.#ports.assistant(assistant) ?? { connectors: [] }, DEVICE_SERVER, tool).permission,
    };
  }
}

function reasonOf(devices: readonly Device[], views: FetchedTools["devices"]): NoToolsReason | undefined {
  if (devices.length === 0) return "nobody-connected";
  const tools = views.flatMap((view) => view.tools);
  if (tools.length > 0) return tools.every(({ permission }) => permission === "disabled") ? "not-permitted" : undefined;
  if (devices.some(({ standing, fault }) => standing === "silent" || fault !== undefined)) return "not-answering";
  return devices.some(({ standing }) => standing === "starting") ? "starting" : "no-tools";
}

function emptyFor(reason: NoToolsReason): NonNullable<FetchedTools["empty"]> {
  return { reason, message: EMPTY[reason] };
}

function endpointAudit(staff: Staff, assistant: string, { before, enabled }: { before: boolean; enabled: boolean }): AuditDraft {
  const target = { kind: "assistant", id: assistant };
  return { by: actorOf(staff), action: "endpoint.update", target, before: { enabled: before }, after: { enabled } };
}

function tokenAudit(staff: Staff, action: string, { assistant, id }: TokenPlace, what: Pick<AuditDraft, "before" | "after">): AuditDraft {
  return { by: actorOf(staff), action: `endpoint-token.${action}`, target: { kind: "endpoint-token", id: `${assistant}/${id}` }, ...what };
}
