import { RequestError } from "../../../protocol/errors.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { readDefinition, type ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import type { ServerEntry } from "../../tools/mcp/servers/ports.ts";
import { authKindOf } from "../../tools/mcp/servers/settings.ts";
import type { ServerAccess } from "./server-access.ts";
import { noTool } from "./no-tool.ts";
import type { ToolPin } from "./tool-pin.ts";
import type { ToolPins } from "./tool-pins.ts";

export interface CallableToolPorts {
  readonly access: ServerAccess;
  readonly pins: ToolPins;
  /** Whether a person may use a server's shared sign-in, which has its own shares. True if there is none. */
  readonly mayUseSignIn: (staff: Staff, server: string) => Promise<boolean>;
}

export interface CallableTarget {
  readonly key: string;
  readonly tool: string;
  /** The definition that waits to be accepted is meant, of a changed tool or one that only customers' lists have. */
  readonly acceptPending?: boolean;
}

export interface CallableTool {
  readonly entry: ServerEntry;
  readonly definition: ToolDefinition;
}

/**
 * A tool that this person may call by hand, by the definition that was accepted. Throws `RequestError` `not-found`,
 * `forbidden`, `version-changed` or `server-unusable`, and `InvalidError` for a definition that cannot be called.
 */
export async function callableTool(ports: CallableToolPorts, staff: Staff, target: CallableTarget): Promise<CallableTool> {
  const { access, pins, mayUseSignIn } = ports;
  const { key, tool } = target;
  const { entry } = await access.usable(staff, key);
  const pin = pins.of(key).get(tool);
  const waits = pin?.offered ?? (pin === undefined ? pins.proposed(key).get(tool)?.common : undefined);
  const said = target.acceptPending === true && waits !== undefined ? waits.said : acceptedOf(ports, target, pin).said;
  if (said === waits?.said) await refuseUnlessAccepter(access, staff, target);
  // People who may manage it could turn it on as well; for others it stays off.
  if (pin?.enabled === false && !(await access.allows(staff, key, "manage")))
    throw new RequestError("forbidden", { detail: `The tool "${tool}" is turned off.` });
  if (entry === undefined) throw new RequestError("server-unusable", { detail: "Its secrets cannot be opened." });
  if (authKindOf(entry.settings) === "oauth" && !(await mayUseSignIn(staff, key)))
    throw new RequestError("forbidden", {
      detail: `The shared sign-in of "${key}" is not shared with you, so you cannot call tools with it.`,
    });
  const definition = readDefinition(said);
  if (typeof definition === "string") throw new InvalidError([{ path: "", message: `The tool cannot be called: ${definition}.` }]);
  return { entry, definition };
}

/** Throws `not-found`, and `version-changed` while another definition waits. */
function acceptedOf({ pins }: CallableToolPorts, { key, tool }: CallableTarget, pin: ToolPin | undefined): ToolPin["accepted"] {
  if (pin === undefined) {
    if (!pins.proposed(key).has(tool)) throw noTool(key, tool);
    throw new RequestError("version-changed", {
      detail: `Only customers' own lists have the tool "${tool}". Accept it before you test it.`,
    });
  }
  if (pin.offered !== undefined)
    throw new RequestError("version-changed", {
      detail: `The server changed the tool "${tool}". Accept the change before you test the tool.`,
    });
  return pin.accepted;
}

/** Whoever could accept the definition may also try it before. Throws `forbidden`. */
async function refuseUnlessAccepter(access: ServerAccess, staff: Staff, { key, tool }: CallableTarget): Promise<void> {
  await access.manageable(staff, key);
  if (!mayDo(staff, "servers.write"))
    throw new RequestError("forbidden", { detail: `Only who may accept the change of the tool "${tool}" may try it before.` });
}
