import {
  type CallContext,
  type ConnectionNeed,
  ResourceError,
  type SamplingRequest,
  type Tool,
  type ToolPause,
  type ToolView,
} from "../../conversation/ports/tools.ts";
import type { Log } from "../../foundation/log.ts";
import { OutputChecks } from "../calls/output-check.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import { isPersonal, type Access } from "./access.ts";
import { namedNeed } from "./calls/open-call.ts";
import { connectTool } from "./connect-tool.ts";
import type { HostedConversations } from "./hosted-conversations.ts";
import type { HostedServer } from "./hosted-servers.ts";
import type { PreparedTool } from "./prepared-tools.ts";
import type { Seat } from "./seat.ts";
import { safeAddress } from "./servers/settings.ts";
import { ownersPart, uncalled } from "./unusable-server.ts";
import { loadValidation } from "./wire/mcp-sdk.ts";

export interface BoundToolsPorts {
  readonly log: Log;
  readonly conversations: HostedConversations;
  /** Looked up for every use: what was allowed a moment ago may not be now. */
  readonly access: (seat: Seat) => Access | undefined;
  /** Whether views of tools can be shown. */
  readonly views: boolean;
  readonly closed: () => boolean;
}

/** Makes tools that one seat may call. */
export class BoundTools {
  readonly #ports: BoundToolsPorts;
  #outputs: OutputChecks | undefined;

  constructor(ports: BoundToolsPorts) {
    this.#ports = ports;
  }

  bind({ definition, shared }: PreparedTool, seat: Seat, { personal, trusted }: { personal: boolean; trusted: boolean }): Tool {
    const name = shared.reference.serverName ?? seat.key;
    return {
      ...shared,
      reference: { ...shared.reference, trusted },
      ...(this.#ports.views && definition.viewUri !== undefined ? { view: this.#view(definition.viewUri, name, seat) } : {}),
      ...(personal ? { needsConnection: () => this.#need(seat) } : {}),
      call: (input, context) => this.#call({ definition, name }, seat, input, context),
    };
  }

  /** The tool that stands for a server of which nothing is known before somebody signs in. */
  connect(seat: Seat, { settings }: HostedServer): Tool {
    return connectTool(settings, async () => {
      const access = this.#ports.access(seat);
      if (access === undefined) return { fault: `${settings.name} may not be used any more.` };
      const servers = this.#ports.conversations.at(seat);
      servers.forgetList(access);
      const found = await servers.list(access);
      if ("lacks" in found) return { need: found.lacks };
      return "kind" in found ? { fault: found.message } : undefined;
    });
  }

  async #call(
    { definition, name }: { definition: ToolDefinition; name: string },
    seat: Seat,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): ReturnType<Tool["call"]> {
    const { conversations, log } = this.#ports;
    if (this.#ports.closed()) return uncalled(name, "the server is stopping");
    const access = this.#ports.access(seat);
    if (access === undefined) {
      conversations.drop(seat.conversationId, seat.key);
      return uncalled(name, "it may not be used any more");
    }
    const { settings } = access.server;
    const keep = settings.results === "full" ? {} : { keep: settings.results };
    const told = seat.facts === undefined ? {} : { facts: seat.facts };
    const sample = (request: SamplingRequest) => context.sample({ ...request, ...keep });
    const result = await conversations.at(seat).call(access, definition, input, { ...context, sample, ...told });
    conversations.used(seat.conversationId);
    if (result.outcome === "paused") return keptAs(result, keep);
    if (result.outcome === "needs-connection") {
      if (isPersonal(access)) return result;
      return uncalled(`${settings.name} at ${safeAddress(settings)}`, ownersPart(settings.name, result.need));
    }
    this.#outputs ??= new OutputChecks((await loadValidation()).validators, log);
    return { ...this.#outputs.checked(settings.key, definition, result, settings.results === "full"), ...keep };
  }

  #view(uri: string, name: string, seat: Seat): ToolView {
    return {
      uri,
      read: async (asked, signal) => {
        const { conversations, closed } = this.#ports;
        const access = closed() ? undefined : this.#ports.access(seat);
        if (access === undefined) throw new ResourceError("The server may not be used any more.", `${name} may not be used any more.`);
        try {
          return await conversations.at(seat).read(access, asked, signal);
        } finally {
          conversations.used(seat.conversationId);
        }
      },
    };
  }

  /**
   * What a customer has to do before the server can be used. Never throws: what cannot be known now shows itself in the
   * call.
   */
  async #need(seat: Seat): Promise<ConnectionNeed | undefined> {
    const access = this.#ports.access(seat);
    if (access?.signedBy === undefined) return undefined;
    const { authorizations, owner } = access.signedBy;
    try {
      const answer = await authorizations.token(seat.key, owner);
      return "need" in answer ? namedNeed(answer.need, access.server.settings) : undefined;
    } catch (error) {
      this.#ports.log.warn({ server: seat.key, cause: String(error) }, "it cannot be known whether a sign-in is good");
      return undefined;
    }
  }
}

/** What a server says to our model is kept as its results are. */
function keptAs(pause: ToolPause, keep: Pick<SamplingRequest, "keep">): ToolPause {
  const inputs = Object.entries(pause.inputs).map(
    ([key, input]) => [key, input.kind === "sampling" ? { ...input, ...keep } : input] as const,
  );
  return { ...pause, inputs: Object.fromEntries(inputs) };
}
