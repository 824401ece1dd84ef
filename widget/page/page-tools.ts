import type { OfferedPageTool, PageCallFrame } from "../../protocol/page-tools.ts";
import type { ThreadController } from "../controllers/thread-controller.ts";
import { toJson } from "../native/to-json.ts";
import { executeOnce, modelContext } from "./model-context.ts";
import type { ContextTool, ModelContext } from "./model-context.ts";
import { isNamed, ownNames } from "./named.ts";
import { fitting, offeredTool } from "./offer.ts";
import type { PageTool } from "./page-tool.ts";
import { saidFailure, saidResult } from "./said-result.ts";
import type { SaidResult } from "./said-result.ts";

export type PageThread = Pick<ThreadController, "request" | "state">;

type RunFrame = Extract<PageCallFrame, { do: "run" }>;

const RESULTS_KEPT = 100;

interface Runnable {
  readonly offered: OfferedPageTool;
  readonly run: (input: Record<string, unknown>, signal: AbortSignal) => unknown;
}

/**
 * The tools of the page that this tab offers to the assistant, and the calls of them. A tool runs only when the server
 * grants the call to this tab, once, and while its conversation is shown.
 */
export class PageTools {
  readonly #thread: PageThread;
  readonly #registered = new Map<string, Runnable>();
  /** Of `document.modelContext`. */
  #found: ReadonlyMap<string, Runnable> = new Map();
  #context: ModelContext | undefined;
  #patterns = "";
  /** What the server has of this connection. */
  #offered = "[]";
  #looks = 0;
  #isOffering = false;
  /** Of the calls that ran: whoever is told of one again says the same again. */
  readonly #results = new Map<string, Promise<SaidResult>>();
  readonly #running = new Map<string, AbortController>();
  /** What the server has not heard yet. */
  readonly #ends = new Map<string, SaidResult>();
  readonly #warned = new Set<string>();

  constructor(thread: PageThread) {
    this.#thread = thread;
  }

  /**
   * Offers a tool until `signal` is aborted. Throws `TypeError` for what is no tool, and `InvalidStateError` for a second
   * one of its name.
   */
  register(tool: PageTool, signal: AbortSignal | undefined): void {
    const offered = offeredTool(tool as unknown as Parameters<typeof offeredTool>[0]);
    if (typeof offered === "string") throw new TypeError(`Frontdesk: the tool cannot be registered: ${offered}.`);
    if (typeof tool.execute !== "function") throw new TypeError(`Frontdesk: the tool ${offered.name} has no execute.`);
    if (this.#registered.has(offered.name))
      throw new DOMException(`Frontdesk: there is a tool ${offered.name} already.`, "InvalidStateError");
    if (signal?.aborted) return;
    this.#registered.set(offered.name, { offered, run: (input, stop) => tool.execute(input, { signal: stop }) });
    signal?.addEventListener("abort", () => this.#registered.delete(offered.name) && this.#offer(), { once: true });
    this.#offer();
  }

  /** There is a connection, which knows of no tools. `patterns`: what of `document.modelContext` is offered too. */
  welcomed(patterns: string | undefined): void {
    this.#offered = "[]";
    this.#patterns = patterns ?? "";
    const context = this.#patterns ? modelContext() : undefined;
    if (context !== this.#context) {
      this.#context?.removeEventListener("toolchange", this.#look);
      this.#context = context;
      context?.addEventListener("toolchange", this.#look);
    }
    this.#offer();
    void this.#look();
    for (const [callId, result] of this.#ends) void this.#end(callId, result);
  }

  told(frame: PageCallFrame): void {
    if (frame.do === "stop") return this.#running.get(frame.callId)?.abort();
    void this.#run(frame);
  }

  readonly #look = async (): Promise<void> => {
    const mine = ++this.#looks;
    const context = this.#context;
    const found = new Map<string, Runnable>();
    try {
      for (const tool of (await context?.getTools()) ?? []) {
        if (!isNamed(tool.name, this.#patterns) || ownNames.has(tool.name) || (tool.origin ?? location.origin) !== location.origin)
          continue;
        const offered = offeredTool(tool as ContextTool & Parameters<typeof offeredTool>[0]);
        if (typeof offered === "string") this.#leave(String(tool.name), offered);
        else found.set(offered.name, { offered, run: (input, signal) => executeOnce(context!, tool, input, signal) });
      }
    } catch (error) {
      console.warn("Frontdesk: the tools of document.modelContext cannot be read.", error);
    }
    // A later look may have been faster.
    if (mine !== this.#looks) return;
    this.#found = found;
    this.#offer();
  };

  /** Once for all that changes now. */
  #offer(): void {
    if (this.#isOffering) return;
    this.#isOffering = true;
    queueMicrotask(() => {
      this.#isOffering = false;
      const all = [...new Map([...this.#found, ...this.#registered]).values()].map(({ offered }) => offered);
      const tools = fitting(all, (tool, reason) => this.#leave(tool, reason));
      const said = toJson(tools);
      if (said === this.#offered) return;
      this.#offered = said;
      this.#thread.request("page-tools-offer", { tools: [...tools] }).then(
        ({ leftOut }) => leftOut.forEach(({ tool, reason }) => this.#leave(tool, reason)),
        // Without a line, the next welcome offers them; refused, the next change does.
        () => (this.#offered = "[]"),
      );
    });
  }

  async #run(call: RunFrame): Promise<void> {
    const { callId, conversationId } = call;
    if (!this.#isShown(conversationId)) return;
    const { granted } = await this.#thread.request("page-call-begin", { callId }).catch(() => ({ granted: false }));
    if (!granted) return;
    const result = this.#results.get(callId) ?? this.#carryOut(call);
    this.#results.set(callId, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > RESULTS_KEPT && oldest) this.#results.delete(oldest);
    await this.#end(callId, await result);
  }

  async #carryOut({ callId, conversationId, tool, input }: RunFrame): Promise<SaidResult> {
    const found = this.#registered.get(tool) ?? this.#found.get(tool);
    if (!found || !this.#isShown(conversationId)) return saidFailure("The page does not offer this tool any more. Nothing was done.");
    const stopping = new AbortController();
    this.#running.set(callId, stopping);
    try {
      return saidResult(await found.run({ ...input }, stopping.signal));
    } catch (error) {
      return saidFailure(error);
    } finally {
      this.#running.delete(callId);
    }
  }

  async #end(callId: string, result: SaidResult): Promise<void> {
    this.#ends.set(callId, result);
    await this.#thread.request("page-call-end", { callId, ...result }).then(
      () => this.#ends.delete(callId),
      // Said again with the next welcome, unless it was refused.
      (error: unknown) => error instanceof Error && error.name === "RequestRefusedError" && this.#ends.delete(callId),
    );
  }

  #isShown(conversationId: string): boolean {
    return this.#thread.state.conversationId === conversationId;
  }

  /** Says it once, to the page's developer. */
  #leave(tool: string, reason: string): void {
    const warning = `Frontdesk: the page's tool ${tool} is not offered: ${reason}.`;
    if (!this.#warned.has(warning)) console.warn(warning);
    this.#warned.add(warning);
  }
}
