import type { Assistant, Connector } from "../../conversation/ports/assistant.ts";
import { devicesAssistant, OWN_SERVERS, type Tool, type Toolbox, type Tools } from "../../conversation/ports/tools.ts";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { OutputChecks } from "../calls/output-check.ts";
import { SCHEMA_FAULTS, valueCheck, type ValueCheck } from "../definitions/argument-check.ts";
import { toolReference, type ToolDefinition } from "../definitions/tool-definition.ts";
import { toolNames } from "../definitions/tool-name.ts";
import type { ConnectedDevices, DeviceTool } from "./connected-devices.ts";
import { notSent } from "./device-result.ts";
import { type DeviceSdk, loadDeviceSdk } from "./device-sdk.ts";

export const DEVICE_SERVER = "device";
const { name: SERVER_NAME, source: SOURCE } = OWN_SERVERS[DEVICE_SERVER];

/** A call's first sentence waits no longer for a device that is slow. */
const FRESH_MS = 2_000;
const CALLS_KNOWN = 1_000;

export interface DeviceToolsPorts {
  readonly devices: ConnectedDevices;
  readonly isEnabled: (assistant: string) => Promise<boolean>;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
}

/**
 * The tools that an assistant's devices bring, or those of another one with a connector to them: those of its
 * permissions' names, or all with `*`. They are those of this moment: a device that connects is there in the next step.
 */
export function createDeviceTools(ports: DeviceToolsPorts): Tools {
  return new DeviceTools(ports);
}

class DeviceTools implements Tools {
  readonly #ports: DeviceToolsPorts;
  readonly #checks = new WeakMap<ToolDefinition, ValueCheck>();
  readonly #freshCalls = new Set<string>();
  #outputs: OutputChecks | undefined;
  #closed = false;

  constructor(ports: DeviceToolsPorts) {
    this.#ports = ports;
  }

  async open({ assistant, voiceCallId }: { readonly assistant: Assistant; readonly voiceCallId?: string }): Promise<Toolbox> {
    if (this.#closed) return { tools: [], unavailable: [] };
    const opened = await Promise.all(
      assistant.connectors.map(async (connector): Promise<Toolbox> => {
        const whose = connector.server === DEVICE_SERVER ? assistant.key : devicesAssistant(connector.server);
        return whose === undefined ? { tools: [], unavailable: [] } : this.#ofConnector(connector, whose, voiceCallId);
      }),
    );
    return { tools: opened.flatMap(({ tools }) => tools), unavailable: opened.flatMap(({ unavailable }) => unavailable) };
  }

  async #ofConnector({ server, permissions }: Connector, key: string, voiceCallId: string | undefined): Promise<Toolbox> {
    if (!(await this.#ports.isEnabled(key))) return missing("The endpoint for devices is switched off.");
    if (voiceCallId !== undefined) await this.#freshFor(voiceCallId, key);
    const devices = this.#ports.devices.of(key);
    if (devices.length === 0) return missing("No device is connected. One that was may need minutes to come back.");
    const sdk = await loadDeviceSdk();
    // Names depend on all that is there, whatever of it is offered.
    const all = devices.flatMap(({ tools }) => tools);
    const names = toolNames(
      server,
      all.map(({ definition }) => definition.tool),
    );
    const isNamed = ({ definition }: DeviceTool): boolean => Object.hasOwn(permissions, definition.tool) || Object.hasOwn(permissions, "*");
    const silent = devices.filter(({ standing, tools }) => standing === "silent" && tools.length === 0);
    return {
      tools: all.flatMap((tool, index) =>
        tool.verdict.use === "offered" && isNamed(tool) ? [this.#tool(tool, { server, name: names[index]! }, sdk)] : [],
      ),
      unavailable: silent.length === devices.length ? missing("The devices that are connected do not answer.").unavailable : [],
    };
  }

  rest(): void {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  #tool({ definition, verdict, device, link }: DeviceTool, { server, name }: { server: string; name: string }, sdk: DeviceSdk): Tool {
    const { assistant, token } = device.seat;
    return {
      name,
      // The owner's word for it: what a device calls itself, it chose.
      reference: { ...toolReference({ key: server, name: token.name }, definition), source: SOURCE, trusted: false },
      description: definition.description,
      inputSchema: definition.inputSchema,
      // An approval is for one device: another one that offers the same tool is another thing in the world.
      definitionHash: sha256Hex(canonicalJson([token.id, device.name, definition.definitionHash])),
      ...(verdict.use === "offered" && verdict.asks === true ? { alwaysAsks: true } : {}),
      check: (input) => this.#check(definition, sdk)(input),
      call: async (input, context) => {
        if (this.#closed) return notSent("The server is stopping.");
        if (!(await this.#ports.isEnabled(assistant))) return notSent("The endpoint for devices is switched off.");
        const result = await link.call(definition, input, context, device.name);
        this.#outputs ??= new OutputChecks(sdk.validators, this.#ports.log);
        return this.#outputs.checked(DEVICE_SERVER, definition, result, true);
      },
    };
  }

  #check(definition: ToolDefinition, { validators }: DeviceSdk): ValueCheck {
    const known = this.#checks.get(definition);
    if (known !== undefined) return known;
    const made = valueCheck(definition.inputSchema, validators, (cause, effect) =>
      this.#ports.log.warn({ server: DEVICE_SERVER, tool: definition.tool, cause }, SCHEMA_FAULTS[effect]),
    );
    this.#checks.set(definition, made);
    return made;
  }

  /** A voice call begins with lists of its own time: not every device says that its list changed. */
  async #freshFor(voiceCallId: string, assistant: string): Promise<void> {
    if (this.#freshCalls.has(voiceCallId)) return;
    this.#freshCalls.add(voiceCallId);
    for (const oldest of this.#freshCalls) {
      if (this.#freshCalls.size <= CALLS_KNOWN) break;
      this.#freshCalls.delete(oldest);
    }
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const callOff = this.#ports.clock.after(FRESH_MS, resolve);
    await Promise.race([this.#ports.devices.refresh(assistant), late]).finally(callOff);
  }
}

function missing(cause: string): Toolbox {
  return { tools: [], unavailable: [{ server: DEVICE_SERVER, serverName: SERVER_NAME, cause }] };
}
