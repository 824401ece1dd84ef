import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { HostedServer } from "./hosted-servers.ts";
import { logLeftOut } from "./left-out.ts";
import { Program } from "./program.ts";
import { ProgramStarts } from "./program-starts.ts";
import { RestartPause } from "./restart-pause.ts";
import type { ServerLinksPorts } from "./server-links.ts";
import type { Fault } from "./servers/fault.ts";
import type { RememberedTools, ServerDirectory } from "./servers/ports.ts";
import { ToolLearning } from "./tool-learning.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import { openLink } from "./wire/open-link.ts";

export interface ProgramsPorts extends ServerLinksPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: ServerDirectory;
  /** How long a shared process is kept after its last use. */
  readonly idleMs: number;
  /** How long a customer waits for a program whose tools nobody knows yet; what is being started goes on. */
  readonly listWaitMs: number;
}

interface Shared {
  readonly program: Program;
  readonly revision: string;
  /** Who uses it at this moment. */
  held: number;
  callOff?: () => void;
}

/** A program is given no conversation's name: over standard input there are no headers to write it to. */
const NOWHERE = { conversationId: "", sessionId: "" };

/** The programs that we start ourselves: how they are started, and those that conversations share. */
export class Programs {
  readonly #ports: ProgramsPorts;
  readonly #starts: ProgramStarts;
  readonly #shared = new Map<string, Shared>();
  /** By what is known of a server, which is another thing with each of its revisions. */
  readonly #pauses = new WeakMap<object, RestartPause>();
  readonly #learning: ToolLearning;

  constructor(ports: ProgramsPorts) {
    this.#ports = ports;
    this.#starts = new ProgramStarts(ports.clock);
    this.#learning = new ToolLearning({
      clock: ports.clock,
      lend: (server) => this.#lent(server),
      isWanted: ({ entry, settings: { key } }) =>
        ports.directory.find(key)?.revision === entry.revision && this.remembered(key) === undefined,
    });
  }

  get listWaitMs(): number {
    return this.#ports.listWaitMs;
  }

  remembered(key: string): RememberedTools | undefined {
    return this.#ports.directory.remembered(key);
  }

  /**
   * Starts a program only to learn its tools, once for whoever asks. Answers with what went wrong. `ahead`: nobody
   * waits. Never throws.
   */
  learn(server: HostedServer, ahead = false): Promise<Fault | undefined> {
    return this.#learning.learn(server, ahead);
  }

  /** A program for one conversation, or for one call. Whoever has it closes it. */
  make(server: HostedServer): Program {
    return this.#make(server, false);
  }

  /** The one that all conversations share; it is started when it is first taken, and ended some time after its last use. */
  shared(server: HostedServer): Program {
    return this.#sharedOf(server).program;
  }

  /** The same if there is one at this moment. */
  sharedNow({ settings, entry }: HostedServer): Program | undefined {
    const known = this.#shared.get(settings.key);
    return known?.revision === entry.revision ? known.program : undefined;
  }

  /** Keeps the shared one until what is answered is called. */
  hold(server: HostedServer): () => void {
    const shared = this.#sharedOf(server);
    shared.held += 1;
    return () => {
      shared.held -= 1;
      this.#rest(server.settings.key, shared);
    };
  }

  async close(): Promise<void> {
    const all = [...this.#shared.values()];
    this.#shared.clear();
    for (const { callOff } of all) callOff?.();
    await Promise.all([this.#learning.close(), ...all.map(({ program }) => program.close())]);
  }

  #sharedOf(server: HostedServer): Shared {
    const { settings, entry } = server;
    const known = this.#shared.get(settings.key);
    known?.callOff?.();
    if (known?.revision === entry.revision) {
      this.#rest(settings.key, known);
      return known;
    }
    const made: Shared = { program: this.#make(server, true), revision: entry.revision, held: 0 };
    this.#shared.set(settings.key, made);
    if (known !== undefined) this.#rest(settings.key, known);
    this.#rest(settings.key, made);
    return made;
  }

  /** Ends it some time after nobody uses it, and at once if another revision has taken its place. */
  #rest(key: string, shared: Shared): void {
    shared.callOff?.();
    if (shared.held > 0) return;
    const isReplaced = this.#shared.get(key) !== shared;
    shared.callOff = this.#ports.clock.after(isReplaced ? 0 : this.#ports.idleMs, () => {
      if (shared.held > 0) return;
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
      void shared.program.close();
    });
  }

  /** What is started to learn from is used where it may be, and ended otherwise. */
  #lent(server: HostedServer): { readonly program: Program; readonly giveBack: () => void } {
    if (server.settings.isolation === "shared") return { program: this.shared(server), giveBack: this.hold(server) };
    const program = this.make(server);
    return { program, giveBack: () => void program.close() };
  }

  #make(server: HostedServer, shared: boolean): Program {
    const { settings, knowledge } = server;
    const { key } = settings;
    const { directory, clock, log, fetch, answerBytes, clientVersion, views = false } = this.#ports;
    const pause = this.#pauses.get(knowledge) ?? new RestartPause();
    this.#pauses.set(knowledge, pause);
    return new Program({
      settings,
      shared,
      clock,
      starts: this.#starts,
      pause,
      open: async (hooks) => {
        const carriers = { sdk: await loadMcpSdk(), fetch, place: NOWHERE, answerBytes, clientVersion, views, clock };
        // Over standard input nothing says whose call a question is about, and a shared process has many people's.
        const asks = { questions: !shared, sampling: settings.samplingTokens > 0 };
        return (await openLink({ settings, ...carriers, ...asks, ...hooks, verdict: undefined })).link;
      },
      generation: () => directory.listGeneration?.(key) ?? 0,
      learnt: (list) => {
        logLeftOut(list, key, log);
        // What an older revision says is not what the present one has.
        if (directory.find(key)?.revision === server.entry.revision) directory.learnt(key, list.tools);
      },
      saw: (fault) => {
        directory.saw?.(key, fault);
        if (fault === undefined) return knowledge.succeeded();
        knowledge.failed(fault, clock.now());
        log.warn({ server: key, cause: fault.message }, "a program that speaks MCP does not run");
      },
    });
  }
}
