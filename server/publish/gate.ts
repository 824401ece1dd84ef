import { RequestError } from "../../protocol/errors.ts";
import type { CustomerDesk } from "../conversation/customer-desk.ts";
import type { Tool } from "../conversation/ports/tools.ts";
import { canonicalJson, sha256Hex } from "../foundation/canonical-json.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { PublishedServer } from "../setup/published-servers/live-published.ts";
import { approvalAnswer, approvalQuestion } from "./calls/approval-question.ts";
import type { AskAssistant } from "./calls/ask-assistant.ts";
import { CallFlow, type FlowSide } from "./calls/call-flow.ts";
import type { CallLog } from "./calls/call-log.ts";
import { type CallEnd, said } from "./calls/call-result.ts";
import { type Caller, callerSaid, type Client, MOST_DEPTH } from "./calls/caller.ts";
import { carryCall, type ClientMeans, needsSignIn } from "./calls/carry-call.ts";
import type { Served } from "./tools/own-server.ts";
import type { StaffCalls } from "./calls/staff-calls.ts";
import type { ToolDefinition } from "./tools/tool-definition.ts";
import type { PublishedToolNow, Toolboxes } from "./tools/toolboxes.ts";

export interface GatePorts {
  readonly live: Pick<Served, "find">;
  readonly toolboxes: Toolboxes;
  readonly desk: CustomerDesk;
  readonly staff: StaffCalls;
  readonly assistants: AskAssistant;
  readonly calls: CallLog;
  readonly clock: Clock;
  readonly log: Log;
}

/** A call as a client makes it. */
export interface CallOrder {
  readonly server: PublishedServer;
  readonly caller: Caller;
  readonly client: Client;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly means: ClientMeans;
  /** Whether the client hears progress, and so waits longer. */
  readonly isTold: boolean;
}

export type PublishedFlow = CallFlow<CallEnd>;

interface Checked extends CallOrder {
  readonly found: PublishedToolNow;
  readonly side: FlowSide;
}

/** The one way by which calls of clients come through, whatever a tool's source. */
export class Gate {
  readonly #ports: GatePorts;

  constructor(ports: GatePorts) {
    this.#ports = ports;
  }

  /** Undefined: there is no such tool. */
  async begin(order: CallOrder): Promise<{ readonly flow: PublishedFlow; readonly definition: ToolDefinition } | undefined> {
    const { toolboxes, clock } = this.#ports;
    const found = (await toolboxes.of(order.server, order.caller)).byName.get(order.name);
    if (found === undefined) return undefined;
    const flow: PublishedFlow = new CallFlow({ id: clock.id(), binding: () => bindingOf(order) }, clock, (side) =>
      this.#logged({ ...order, found, side }),
    );
    return { flow, definition: found.definition };
  }

  async #logged(call: Checked): Promise<CallEnd> {
    const { calls, clock, toolboxes, log } = this.#ports;
    const { caller, client, name: tool, found } = call;
    const input = found.logged?.(call.input) ?? call.input;
    const at = clock.now();
    let end: CallEnd;
    try {
      end = await this.#run(call);
    } catch (error) {
      log.error({ error: String(error), server: caller.server, tool }, "A call of a published server failed here.");
      end = said("unknown", "Something went wrong on the server. Whether the call was carried out is not known.", String(error));
    }
    toolboxes.rest(caller);
    calls.ended({ caller, client, tool, input, end, at });
    if (caller.key.test === undefined) calls.reached(caller.server, "called");
    return end;
  }

  async #run(call: Checked): Promise<CallEnd> {
    const { found, caller, input } = call;
    if (caller.depth >= MOST_DEPTH)
      return said(
        "refused",
        `Assistants have asked each other ${MOST_DEPTH} times on the way to this call, so it was not carried out: they ask in a circle.`,
      );
    const { tool } = found;
    if (tool === undefined) return this.#ask(call);
    const fault = tool.check(input);
    if (fault !== undefined) return said("refused", `The arguments do not fit: ${fault}`);
    const need = await tool.needsConnection?.();
    if (need !== undefined) return needsSignIn(need.serverName);
    if (found.offered.permission !== "needs_approval" && tool.alwaysAsks !== true) return this.#carry(call, tool);
    return this.#approved(call, tool);
  }

  async #approved(call: Checked, tool: Tool): Promise<CallEnd> {
    const { found, caller, client, input, side, means, isTold, server } = call;
    if (found.offered.approver === "staff" || !means.form) {
      const by = callerSaid({ key: caller.key, client, server: server.name });
      const refusal = (): Promise<string | undefined> => this.#refusal(call, tool);
      return this.#ports.staff.run(this.#ports.desk, { caller, by, tool, input, side, means, isTold, refusal });
    }
    const lead = `"${server.name}" is asked to run "${tool.reference.title}" with exactly this:`;
    const answers = await side.ask({ approval: approvalQuestion(Object.entries(input), lead) });
    if (!approvalAnswer(answers["approval"]))
      return said("refused", "The person at the client did not approve this call, so nothing was done.");
    const refusal = await this.#refusal(call, tool);
    return refusal === undefined ? this.#carry(call, tool) : said("refused", refusal);
  }

  /** Whether the tool is still what the person was asked about. */
  async #refusal({ server: { id }, caller, name }: Checked, tool: Tool): Promise<string | undefined> {
    const { live, toolboxes } = this.#ports;
    const server = live.find(id);
    if (server === undefined || server === "deleted") return "This MCP server was deleted meanwhile. Nothing was done.";
    const now = (await toolboxes.of(server, caller)).byName.get(name);
    if (now?.tool === undefined) return "The tool was taken away meanwhile. Nothing was done.";
    return now.tool.definitionHash === tool.definitionHash
      ? undefined
      : "The tool has changed since the person was asked. Nothing was done.";
  }

  #carry({ caller, input, side, means }: Checked, tool: Tool): Promise<CallEnd> {
    return carryCall({ tool, input, callId: this.#ports.clock.id(), side, means, depth: caller.depth + 1 });
  }

  async #ask({ found, caller, input, side, means, isTold }: Checked): Promise<CallEnd> {
    const { message, conversation } = input;
    if (typeof message !== "string" || message.trim() === "")
      return said("refused", 'The arguments do not fit: "message" has to be a text.');
    if (conversation !== undefined && typeof conversation !== "string")
      return said("refused", 'The arguments do not fit: "conversation" has to be a text.');
    const asked = { caller, assistant: found.offered.server ?? "", message, side, means, isTold };
    try {
      return await this.#ports.assistants.run(this.#ports.desk, { ...asked, ...(conversation === undefined ? {} : { conversation }) });
    } catch (error) {
      if (error instanceof RequestError) return said("failed", error.message);
      throw error;
    }
  }
}

/** The key, the tool and the arguments: what answers belong to. */
export function bindingOf({ caller, name, input }: Pick<CallOrder, "caller" | "name" | "input">): string {
  return sha256Hex(canonicalJson([caller.server, caller.key.id, name, input]));
}
