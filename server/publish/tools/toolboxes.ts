import type { Tool, Tools } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { PublishedServer } from "../../setup/published-servers/live-published.ts";
import { ASK_INPUT, ASK_OUTPUT } from "../calls/ask-assistant.ts";
import { type Caller, customerOf, type OfferedTool } from "../calls/caller.ts";
import { OWN_SERVER } from "../../setup/published-servers/published-server-record.ts";
import type { Served } from "./own-server.ts";
import { publishedAssistant, serverOf } from "../calls/published-assistant.ts";
import type { ToolDefinition } from "./tool-definition.ts";

export interface ToolboxesPorts {
  readonly live: Pick<Served, "offered">;
  /** Those of Frontdesk's own server, for one caller. */
  readonly own: (caller: Caller) => Promise<PublishedTools>;
  readonly tools: Pick<Tools, "open" | "rest">;
  readonly clock: Clock;
  /** What an assistant is called; undefined: there is none with this key. */
  readonly assistantName: (key: string) => string | undefined;
}

/** One tool as clients have it. */
export interface PublishedToolNow {
  readonly offered: OfferedTool;
  /** Absent: it is an assistant. */
  readonly tool?: Tool;
  readonly definition: ToolDefinition;
  /** Its arguments as they may be logged. Absent: as they are. */
  readonly logged?: (input: Readonly<Record<string, unknown>>) => unknown;
}

/** The tools of a published server at one moment. */
export interface PublishedTools {
  readonly byName: ReadonlyMap<string, PublishedToolNow>;
  readonly definitions: readonly ToolDefinition[];
  /** What they come from and cannot be used, with the cause, by the key of `serverOf`. */
  readonly unavailable: ReadonlyMap<string, string>;
}

interface Held {
  readonly version: number;
  readonly generation: number;
  readonly until: number;
  readonly tools: Promise<PublishedTools>;
}

interface Sourced {
  readonly found: ReadonlyMap<string, Tool>;
  readonly unavailable: ReadonlyMap<string, string>;
}

const NOTHING: Sourced = { found: new Map(), unavailable: new Map() };

/** Sources tell of most changes; of the others we hear by asking again. */
const FRESH_MS = 2_000;
const MOST_HELD = 1_000;

/** The live tools behind published servers, of each key by itself: its connections to MCP servers are its own. */
export class Toolboxes {
  readonly #ports: ToolboxesPorts;
  readonly #held = new Map<string, Held>();
  #generation = 0;

  constructor(ports: ToolboxesPorts) {
    this.#ports = ports;
  }

  /** Something that tools are made of has changed. */
  changed(): void {
    this.#generation += 1;
  }

  /** The tools that one server is made of have changed. */
  forget(server: string): void {
    for (const place of this.#held.keys()) if (place.startsWith(`published.${server}.`)) this.#held.delete(place);
  }

  of(server: PublishedServer, caller: Caller): Promise<PublishedTools> {
    const place = placeOf(caller);
    const now = this.#ports.clock.now();
    const held = this.#held.get(place);
    if (held !== undefined && held.version === server.version && held.generation === this.#generation && held.until > now)
      return held.tools;
    const tools = this.#open(server, caller);
    if (this.#held.size >= MOST_HELD) this.#held.clear();
    this.#held.set(place, { version: server.version, generation: this.#generation, until: now + FRESH_MS, tools });
    tools.catch(() => this.#held.delete(place));
    return tools;
  }

  /** A call is over. */
  rest(caller: Caller): void {
    this.#ports.tools.rest(placeOf(caller));
  }

  async #open(server: PublishedServer, caller: Caller): Promise<PublishedTools> {
    if (server.id === OWN_SERVER) return this.#ports.own(caller);
    const offered = await this.#ports.live.offered(server, caller.key.person);
    const sourced = offered.some((one) => serverOf(one) !== undefined);
    const { found, unavailable } = sourced ? await this.#source(server, offered, caller) : NOTHING;
    const tools = offered.flatMap((one) => this.#now(one, found));
    return {
      byName: new Map(tools.map((tool) => [tool.definition.name, tool])),
      // What was parsed has one shape, and each list that is written from it takes a sixth less.
      definitions: JSON.parse(JSON.stringify(tools.map(({ definition }) => definition))) as readonly ToolDefinition[],
      unavailable,
    };
  }

  async #source(server: PublishedServer, offered: readonly OfferedTool[], caller: Caller): Promise<Sourced> {
    const { tools } = this.#ports;
    const conversationId = placeOf(caller);
    const toolbox = await tools.open({
      assistant: publishedAssistant(server, offered),
      conversationId,
      customerId: customerOf(caller),
      sessionId: conversationId,
      depth: caller.depth + 1,
      signal: new AbortController().signal,
    });
    tools.rest(conversationId);
    // What is for views alone is of no use to a client's model.
    const shown = toolbox.tools.filter(({ audience }) => audience === undefined || audience.includes("model"));
    return {
      found: new Map(shown.map((tool) => [`${tool.reference.server}/${tool.reference.tool}`, tool])),
      unavailable: new Map(toolbox.unavailable.map(({ server: key, cause }) => [key, cause])),
    };
  }

  #now(offered: OfferedTool, found: ReadonlyMap<string, Tool>): readonly PublishedToolNow[] {
    if (offered.source === "assistant") {
      const name = this.#ports.assistantName(offered.server ?? "");
      return name === undefined ? [] : [{ offered, definition: askDefinition(offered, name) }];
    }
    const tool = found.get(`${serverOf(offered)}/${offered.name}`);
    return tool === undefined ? [] : [{ offered, tool, definition: definitionOf(offered, tool) }];
  }
}

function placeOf({ server, key, depth }: Caller): string {
  return `published.${server}.${key.id}${depth === 0 ? "" : `.${depth}`}`;
}

function definitionOf({ publishedName, description }: OfferedTool, tool: Tool): ToolDefinition {
  const { title, readOnly } = tool.reference;
  const annotations = tool.annotations ?? (readOnly === undefined ? undefined : { readOnlyHint: readOnly });
  return {
    name: publishedName,
    ...(title === undefined ? {} : { title }),
    description: description ?? tool.description,
    inputSchema: tool.inputSchema,
    ...(tool.outputSchema === undefined ? {} : { outputSchema: tool.outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

function askDefinition({ publishedName, description }: OfferedTool, assistant: string): ToolDefinition {
  return {
    name: publishedName,
    title: `Ask ${assistant}`,
    description: description ?? `Asks ${assistant}, an assistant with tools of its own, and gives you its answer.`,
    inputSchema: ASK_INPUT,
    outputSchema: ASK_OUTPUT,
  };
}
