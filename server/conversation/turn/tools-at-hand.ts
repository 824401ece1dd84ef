import { type Assistant, peopleOf, permissionOf } from "../ports/assistant.ts";
import type { CustomerFacts } from "../ports/customer-facts.ts";
import { boundTool } from "./bound-arguments.ts";
import type { AdmissionContext } from "./admission-context.ts";
import type { Tool } from "../ports/tools.ts";
import { askForPersonTool } from "../people/ask-for-person-tool.ts";
import { findToolsTool } from "../prompt/find-tools-tool.ts";
import { offeredTools, type OwnTools } from "../prompt/offered-tools.ts";
import { readResultTool } from "../prompt/read-result-tool.ts";
import type { Run } from "./run.ts";
import type { OpenTurn } from "./turn-state.ts";

interface Opened {
  /** Those of servers that are not disabled. */
  readonly tools: readonly Tool[];
  readonly ours: OwnTools;
  /** Our own that are offered beside whatever else is. */
  readonly always: readonly Tool[];
  readonly unavailable: ReadonlySet<string>;
}

/** The tools of a run, as they are at each moment that they are needed, and what is decided about calls with. */
export class ToolsAtHand {
  readonly #run: Run;
  readonly #reported = new Set<string>();
  readonly #serverNames = new Map<string, string>();
  #byName: ReadonlyMap<string, Tool> = new Map();

  constructor(run: Run) {
    this.#run = run;
  }

  /** As they were when they were last opened. */
  get(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  /** The name of a server that was ever at hand in this run, or should have been. */
  serverName(server: string): string | undefined {
    return this.#serverNames.get(server);
  }

  /** What the model is offered in its next step. */
  async offered(assistant: Assistant, turn: OpenTurn): Promise<readonly Tool[]> {
    const run = this.#run;
    const { tools, ours, always } = await this.#open(assistant, turn);
    const found = tools.length === 0 ? [] : offeredTools(tools, ours, assistant, run.history.toolsFound());
    return always.length === 0 ? found : [...found, ...always];
  }

  /** Undefined: the assistant was removed, or nothing is being answered. */
  async admission(): Promise<AdmissionContext | undefined> {
    const run = this.#run;
    const { assistant, ports } = run;
    const turn = run.state.turn;
    if (assistant === undefined || turn === undefined) return undefined;
    const { unavailable } = await this.#open(assistant, turn);
    const remembers = assistant.connectors.some((connector) =>
      Object.values(connector.permissions).some((permission) => permission.rememberable),
    );
    const grants = remembers ? await ports.store.grants(run.id) : [];
    const readForeign = run.history.readForeign();
    const { clock, approvers } = ports;
    return { assistant, turn, grants, readForeign, clock, approvers, tool: (name) => this.get(name), unavailable };
  }

  /** What the site says of the customer at this moment; nothing where no site says anything. */
  async #facts({ identity, connectors }: Assistant): Promise<CustomerFacts | undefined> {
    const { ports, conversation } = this.#run;
    const isAsked = (identity !== undefined && identity.mode !== "off") || connectors.some(({ bind }) => bind !== undefined);
    return isAsked ? ports.facts?.(conversation.customerId) : undefined;
  }

  /** A server that is down costs its tools and a note. */
  async #open(assistant: Assistant, turn: OpenTurn): Promise<Opened> {
    const run = this.#run;
    const { tools, store } = run.ports;
    run.facts = await this.#facts(assistant);
    const { sessionId = run.id, spoken } = run.history.received(turn.messageId) ?? {};
    const toolbox = await tools.open({
      assistant,
      conversationId: run.id,
      customerId: run.conversation.customerId,
      sessionId,
      ...(spoken === undefined ? {} : { voiceCallId: spoken.voiceCallId }),
      ...(run.facts === undefined ? {} : { facts: run.facts }),
      signal: run.leaving,
    });
    for (const { reference } of toolbox.tools) this.#serverNames.set(reference.server, reference.serverName);
    for (const source of toolbox.unavailable) this.#serverNames.set(source.server, source.serverName);
    const news = toolbox.unavailable.filter((source) => !this.#reported.has(`${turn.turnId} ${source.server}`));
    if (news.length > 0) {
      for (const source of news) this.#reported.add(`${turn.turnId} ${source.server}`);
      await run.append(news.map((source) => ({ type: "tools-unavailable", turnId: turn.turnId, ...source })));
    }
    const keepOf = (callId: string) => run.state.turn?.calls.get(callId)?.ended?.keep;
    // The model does not know of a tool that is off for this assistant; a call of it all the same is refused as disabled.
    const bind = new Map(assistant.connectors.map((connector) => [connector.server, connector.bind]));
    const known = toolbox.tools.map((tool) => boundTool(tool, bind.get(tool.reference.server), run.facts));
    const allowed = known.filter(({ reference }) => permissionOf(assistant, reference.server, reference.tool).permission !== "disabled");
    const ours = { findTools: findToolsTool(allowed), readResult: readResultTool(store, run.id, assistant.resultBytes, keepOf) };
    const people = peopleOf(assistant);
    const always = people === undefined ? [] : [askForPersonTool(run.ports, run.conversation, people)];
    const all = known.length === 0 ? always : [...known, ours.findTools, ours.readResult, ...always];
    this.#byName = new Map(all.map((tool) => [tool.name, tool]));
    return { tools: allowed, ours, always, unavailable: new Set(toolbox.unavailable.map((source) => source.server)) };
  }
}
