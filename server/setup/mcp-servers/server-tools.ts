import { RequestError } from "../../../protocol/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { AuditDraft } from "../../documents/ports.ts";
import type { CallList } from "../../inbox/calls.ts";
import type { Prober, TriedCall } from "../../tools/probe/prober.ts";
import { callableTool, type CallableToolPorts } from "./callable-tool.ts";
import { noTool } from "./no-tool.ts";
import { shownTools } from "./shown-servers.ts";
import { noteCall, type ServerStatuses } from "./server-status.ts";
import { acceptedPin, type ToolPin } from "./tool-pin.ts";
import type { ToolProposal } from "./tool-proposal.ts";
import type { ToolView } from "./tool-view.ts";

export interface ServerToolsPorts extends CallableToolPorts {
  readonly calls: Pick<CallList, "recordTest">;
  readonly clock: Clock;
  readonly prober: Pick<Prober, "call">;
  readonly statuses: Pick<ServerStatuses, "saw">;
  /** Throws when too many tries are made of this tool, or by this person or key. */
  readonly before: (tool: string, by: string) => Promise<void>;
}

/**
 * People's decisions about the tools of a server. Every method checks whether this person may. Throws `RequestError`.
 */
export class ServerTools {
  readonly #ports: ServerToolsPorts;

  constructor(ports: ServerToolsPorts) {
    this.#ports = ports;
  }

  async get(staff: Staff, key: string, tool: string): Promise<ToolView> {
    await this.#ports.access.usable(staff, key);
    return this.#view(key, tool);
  }

  /**
   * A tool that is off is hidden from the model at once, in running conversations too. Deciding about a new tool also
   * reviews it. Of one that only customers' own lists have, the name is decided, and nothing is accepted.
   */
  async enable(staff: Staff, key: string, tool: string, enabled: boolean): Promise<ToolView> {
    const { access, pins } = this.#ports;
    await access.manageable(staff, key);
    if (!pins.of(key).has(tool)) {
      const proposal = (now: ToolProposal | undefined): ToolProposal => ({ ...known(now, key, tool), enabled });
      await pins.proposals.decide(key, tool, proposal, {
        ...draft(staff, enabled ? "enable" : "disable", key, tool),
        before: { enabled: pins.proposed(key).get(tool)?.enabled ?? true },
        after: { enabled },
      });
      return this.#view(key, tool);
    }
    const change = (pin: ToolPin | undefined): ToolPin => ({ ...known(pin, key, tool), enabled, reviewed: true, doubted: false });
    await pins.change(key, tool, change, (before, after) => ({
      ...draft(staff, enabled ? "enable" : "disable", key, tool),
      before: { enabled: before.enabled },
      after: { enabled: after.enabled },
    }));
    return this.#view(key, tool);
  }

  /**
   * Accepts the definition with this hash, which is the one that was shown: the server's, or a proposal's. Throws
   * `version-changed` if there is yet another one now, which must be reviewed first.
   */
  async accept(staff: Staff, key: string, tool: string, hash: string): Promise<ToolView> {
    await this.#ports.access.manageable(staff, key);
    const at = this.#ports.clock.now();
    const { pins } = this.#ports;
    const accepted = (pin: ToolPin | undefined): ToolPin => {
      const proposal = pins.proposed(key).get(tool);
      if (pin === undefined && proposal === undefined) throw noTool(key, tool);
      const { offered } = pin ?? {};
      const definition = [offered, pin?.accepted, proposal?.common].find((one) => one?.hash === hash);
      // Accepting the definition that is already in force does not settle another one that waits.
      if (definition === undefined || (offered !== undefined && definition !== offered))
        throw new RequestError("version-changed", { detail: `The tool "${tool}" changed after it was shown. Read it again.` });
      const enabled = proposal?.enabled ?? true;
      return acceptedPin(pin, definition, { at, by: staff.name, enabled });
    };
    await pins.change(key, tool, accepted, (before, after) => ({
      ...draft(staff, "accept", key, tool),
      ...(before === after ? {} : { before: { hash: before.accepted.hash, definition: before.accepted.said } }),
      after: { hash: after.accepted.hash, definition: after.accepted.said },
    }));
    pins.proposals.accepted(key, tool);
    return this.#view(key, tool);
  }

  /**
   * Calls the tool as it was accepted, and records the call as this person's test. A failure is a result, not an error.
   */
  async call(
    staff: Staff,
    target: { readonly key: string; readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> },
    signal: AbortSignal,
  ): Promise<TriedCall & { readonly callId: string }> {
    const { prober, clock, calls } = this.#ports;
    const { key, tool } = target;
    const { entry, definition } = await callableTool(this.#ports, staff, target);
    await this.#ports.before(`${key}/${tool}`, `${staff.kind}/${staff.id}`);
    const callId = clock.id();
    const startedAt = clock.now();
    const result = await prober.call(entry, { tool: definition, arguments: target.arguments, callId }, signal);
    const audit = { ...draft(staff, "call", key, tool), after: { callId, outcome: result.outcome } };
    const test = {
      callId,
      at: startedAt,
      person: staff.id,
      personName: staff.name,
      server: key,
      tool,
      arguments: target.arguments,
      outcome: result.outcome,
      startedAt,
      endedAt: startedAt + result.durationMs,
      durationMs: result.durationMs,
      ...(result.cause === undefined ? {} : { cause: result.cause }),
    };
    noteCall(this.#ports.statuses, key, result);
    await calls.recordTest(test, [audit]);
    const { refusal: _refusal, ...shown } = result;
    return { ...shown, callId };
  }

  #view(key: string, tool: string): ToolView {
    const view = shownTools(this.#ports, key).find(({ name }) => name === tool);
    if (view === undefined) throw noTool(key, tool);
    return view;
  }
}

function known<Kept>(kept: Kept | undefined, key: string, tool: string): Kept {
  if (kept === undefined) throw noTool(key, tool);
  return kept;
}

function draft(staff: Staff, action: string, key: string, tool: string): AuditDraft {
  return { by: actorOf(staff), action: `server-tool.${action}`, target: { kind: "server-tool", id: `${key}/${tool}` } };
}
