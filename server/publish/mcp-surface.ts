import {
  type CallToolResult,
  createRequestStateCodec,
  inputRequired,
  type InputRequiredResult,
  type jsonSchemaValidator,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { InputAnswer, InputRequest } from "../conversation/ports/tools.ts";
import type { PublishedServer } from "../setup/published-servers/live-published.ts";
import { depthOf } from "../tools/calls/depth.ts";
import { plainLine } from "../tools/definitions/plain-text.ts";
import type { Progress, Questions } from "./calls/call-flow.ts";
import type { CallLog } from "./calls/call-log.ts";
import { clientResult } from "./calls/call-result.ts";
import { type Caller, type Client, MOST_DEPTH } from "./calls/caller.ts";
import type { ClientMeans } from "./calls/carry-call.ts";
import { formSchema } from "./form-schema.ts";
import { bindingOf, type CallOrder, type Gate } from "./gate.ts";
import { OWN_SERVER } from "../setup/published-servers/published-server-record.ts";
import { OWN_INSTRUCTIONS, type Served } from "./tools/own-server.ts";
import type { ConnectionSeat } from "./door/published-endpoint.ts";
import type { ToolDefinition } from "./tools/tool-definition.ts";
import type { Toolboxes } from "./tools/toolboxes.ts";

export interface SurfacePorts {
  readonly live: Pick<Served, "find">;
  readonly toolboxes: Toolboxes;
  readonly gate: Gate;
  readonly calls: CallLog;
  /** Signs what a client gives back with its answers. */
  readonly stateKey: Buffer;
  readonly validator: jsonSchemaValidator;
  readonly version: string;
  /** A client was given these tools. */
  readonly listed: (server: string, definitions: readonly ToolDefinition[]) => void;
}

/** Many clients do not read a second page, so the first one is large. */
const PAGE_TOOLS = 500;
const STATE_SECONDS = 15 * 60;
const MOST_FLOWS = 1_000;
const NAME_CHARACTERS = 200;

type OpenFlow = NonNullable<Awaited<ReturnType<Gate["begin"]>>>;

interface FlowState {
  readonly flow: string;
  /** Whoever sends a request twice answers the next question with nothing that was said to an earlier one. */
  readonly round: number;
}

/** What clients of a published server find behind the wire: its tools, and the calls of them. */
export class McpSurface {
  readonly #ports: SurfacePorts;
  readonly #codec: ReturnType<typeof createRequestStateCodec<FlowState>>;
  /** Calls that wait for their client to come back with answers. */
  readonly #flows = new Map<string, OpenFlow>();

  constructor(ports: SurfacePorts) {
    this.#ports = ports;
    this.#codec = createRequestStateCodec<FlowState>({ key: ports.stateKey, ttlSeconds: STATE_SECONDS });
  }

  /** A server for one connection of the legacy era, or for one request of the modern one. */
  make(seat: ConnectionSeat): Server {
    const { version, validator, live } = this.#ports;
    const { name } = this.#server(seat.server);
    const server = new Server(
      { name: nameOf(name), title: name, version },
      {
        capabilities: { tools: { listChanged: true } },
        jsonSchemaValidator: validator,
        ...(seat.server === OWN_SERVER ? { instructions: OWN_INSTRUCTIONS } : {}),
        requestState: { verify: (state, context) => this.#codec.verify(state, context) },
      },
    );
    const callerOf = (context: ServerContext): Caller => ({
      server: seat.server,
      key: seat.key,
      ...(seat.session === undefined ? {} : { session: seat.session }),
      depth: depthOf(context.http?.req?.headers.get("x-frontdesk-depth"), context.mcpReq._meta),
    });
    server.setRequestHandler("tools/list", ({ params }, context) => this.#list(seat, callerOf(context), params?.cursor));
    server.setRequestHandler("tools/call", ({ params }, context) => {
      const published = live.find(seat.server);
      if (published === undefined || published === "deleted") throw gone();
      const order: CallOrder = {
        server: published,
        caller: callerOf(context),
        client: clientOf(server, context),
        name: params.name,
        input: params.arguments ?? {},
        means: meansOf(server),
        isTold: context.mcpReq._meta?.progressToken !== undefined,
      };
      return this.#call(order, context, seat.era === "legacy");
    });
    return server;
  }

  close(): void {
    for (const { flow } of this.#flows.values()) flow.abandon();
    this.#flows.clear();
  }

  #server(id: string): PublishedServer {
    const found = this.#ports.live.find(id);
    if (found === undefined || found === "deleted") throw gone();
    return found;
  }

  async #list(seat: ConnectionSeat, caller: Caller, cursor: string | undefined): Promise<ListToolsResult> {
    // One deeper than calls: the last one reads here why it is refused.
    if (caller.depth > MOST_DEPTH)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        "Published servers list each other in a circle, so nothing is listed here.",
      );
    const { definitions } = await this.#ports.toolboxes.of(this.#server(seat.server), caller);
    if (seat.key.test === undefined) this.#ports.calls.reached(seat.server, "listed");
    this.#ports.listed(seat.server, definitions);
    const from = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isSafeInteger(from) || from < 0 || from > definitions.length)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "This cursor is none of this list: begin again without one.");
    const page = definitions.slice(from, from + PAGE_TOOLS);
    const tools = seat.era === "legacy" ? page.map(legacyDefinition) : page;
    const next = from + PAGE_TOOLS < definitions.length ? { nextCursor: String(from + PAGE_TOOLS) } : {};
    return { tools: tools as ListToolsResult["tools"], ...next };
  }

  async #call(order: CallOrder, context: ServerContext, legacy: boolean): Promise<CallToolResult | InputRequiredResult> {
    const open = await this.#flowOf(order, context);
    const { flow, definition } = open;
    const step = await flow.step({ signal: context.mcpReq.signal, progress: progressOf(context) });
    if ("end" in step) return clientResult(step.end, { promised: hasOutput(definition, legacy), legacy });
    this.#keep(open);
    const requestState = await this.#codec.mint({ flow: flow.id, round: flow.round }, context);
    return inputRequired({ inputRequests: elicitations(step.questions), requestState });
  }

  /** A new call, or the one that the client comes back to. */
  async #flowOf(order: CallOrder, context: ServerContext): Promise<OpenFlow> {
    const state = context.mcpReq.requestState<FlowState>();
    if (state === undefined) {
      const begun = await this.#ports.gate.begin(order);
      if (begun === undefined)
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `There is no tool ${JSON.stringify(order.name.slice(0, 100))} here: list the tools again.`,
        );
      return begun;
    }
    const open = this.#flows.get(state.flow);
    if (open === undefined || open.flow.round !== state.round || open.flow.binding() !== bindingOf(order))
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "These answers belong to no call that waits for them: make the call again.");
    this.#flows.delete(state.flow);
    open.flow.answer(answersOf(context.mcpReq.inputResponses ?? {}));
    return open;
  }

  #keep(open: OpenFlow): void {
    this.#flows.set(open.flow.id, open);
    const [oldest] = this.#flows.values();
    if (this.#flows.size <= MOST_FLOWS || oldest === undefined) return;
    oldest.flow.abandon();
    this.#flows.delete(oldest.flow.id);
  }
}

function gone(): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidRequest, "This MCP server was deleted: remove it from your client.");
}

/** What programs call it. */
function nameOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "frontdesk"
  );
}

/** As it may stand in a sentence of ours. */
function clientOf(server: Server, context: ServerContext): Client {
  const said = server.getClientVersion();
  const agent = context.http?.req?.headers.get("user-agent");
  if (said !== undefined) return { name: plainLine(said.name, NAME_CHARACTERS), version: plainLine(said.version, NAME_CHARACTERS) };
  return agent === null || agent === undefined ? {} : { name: plainLine(agent, NAME_CHARACTERS) };
}

function meansOf(server: Server): ClientMeans {
  const elicitation = server.getClientCapabilities()?.elicitation;
  if (elicitation === undefined) return { form: false, url: false };
  // Before there were kinds of it, elicitation was a form.
  return { form: elicitation.form !== undefined || elicitation.url === undefined, url: elicitation.url !== undefined };
}

/** Progress only ever grows, whoever tells it. */
function progressOf(context: ServerContext): (progress: Progress) => void {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let last = -Infinity;
  return ({ progress, total, message }) => {
    if (progress <= last) return;
    last = progress;
    const params = { progressToken, progress, ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message }) };
    context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

function elicitations(questions: Questions): Record<string, ReturnType<typeof elicitation>> {
  return Object.fromEntries(Object.entries(questions).map(([key, request]) => [key, elicitation(request)]));
}

function elicitation(request: InputRequest) {
  if (request.kind === "url") return inputRequired.elicitUrl({ message: request.message, url: request.url });
  return inputRequired.elicit({ mode: "form", message: request.message, requestedSchema: formSchema(request.fields) as never });
}

/** What a client answered, which may be anything. */
function answersOf(responses: Readonly<Record<string, unknown>>): Readonly<Record<string, InputAnswer>> {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([key, response]): [string, InputAnswer][] => {
      if (typeof response !== "object" || response === null || !("action" in response)) return [];
      const { action } = response;
      if (action !== "accept" && action !== "decline" && action !== "cancel") return [];
      const content = "content" in response && typeof response.content === "object" ? response.content : undefined;
      return [
        [
          key,
          { kind: "input", action, ...(content === undefined || content === null ? {} : { content: content as Record<string, string> }) },
        ],
      ];
    }),
  );
}

/** Before 2026-07-28, what is structured is an object. */
function legacyDefinition(definition: ToolDefinition): ToolDefinition {
  if (definition.outputSchema === undefined || hasOutput(definition, true)) return definition;
  const { outputSchema: _outputSchema, ...rest } = definition;
  return rest;
}

function hasOutput(definition: ToolDefinition, legacy: boolean): boolean {
  const schema = definition.outputSchema;
  return schema !== undefined && (!legacy || schema["type"] === "object");
}
