import type { Assistant } from "../ports/assistant.ts";
import type { Tool } from "../ports/tools.ts";
import type { AdmissionContext } from "./admission-context.ts";
import { offeredNow, type OpenedTools, openTools } from "./opened-tools.ts";
import type { Run } from "./run.ts";
import type { OpenTurn } from "./turn-state.ts";

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
    return offeredNow(await this.#open(assistant, turn), assistant, this.#run.history);
  }

  /** Undefined: the assistant was removed, or nothing is being answered. */
  async admission(): Promise<AdmissionContext | undefined> {
    const run = this.#run;
    const { assistant, ports } = run;
    const turn = run.state.turn;
    if (assistant === undefined || turn === undefined) return undefined;
    const { toolbox } = await this.#open(assistant, turn);
    const unavailable = new Set(toolbox.unavailable.map(({ server }) => server));
    const remembers = assistant.connectors.some((connector) =>
      Object.values(connector.permissions).some((permission) => permission.rememberable),
    );
    const grants = remembers ? await ports.store.grants(run.id) : [];
    const readForeign = run.history.readForeign();
    const { clock, approvers } = ports;
    return { assistant, turn, grants, readForeign, clock, approvers, tool: (name) => this.get(name), unavailable };
  }

  /** A server that is down costs its tools and a note. */
  async #open(assistant: Assistant, turn: OpenTurn): Promise<OpenedTools> {
    const run = this.#run;
    const { ports, conversation, leaving: signal } = run;
    const keepOf = (callId: string) => run.state.turn?.calls.get(callId)?.ended?.keep;
    const opened = await openTools({ ports, conversation, message: run.history.received(turn.messageId), keepOf, signal }, assistant);
    const { toolbox } = opened;
    run.facts = opened.facts;
    for (const { reference } of toolbox.tools) this.#serverNames.set(reference.server, reference.serverName);
    for (const source of toolbox.unavailable) this.#serverNames.set(source.server, source.serverName);
    const news = toolbox.unavailable.filter((source) => !this.#reported.has(`${turn.turnId} ${source.server}`));
    if (news.length > 0) {
      for (const source of news) this.#reported.add(`${turn.turnId} ${source.server}`);
      await run.append(news.map((source) => ({ type: "tools-unavailable", turnId: turn.turnId, ...source })));
    }
    this.#byName = new Map(opened.all.map((tool) => [tool.name, tool]));
    return opened;
  }
}
