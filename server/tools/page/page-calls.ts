import type { CallContext, ToolResult } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { OpenPage } from "./open-pages.ts";
import { notBegun, type PageAnswer, pageResult, stoppedInPage, unknownEnd } from "./page-result.ts";
import type { PageSeat } from "./ports.ts";

/** A page that does not ask for a call by then does not hear us. */
const BEGIN_MS = 10_000;
/** A page that was granted a call has so long for it. It may ask its customer something. */
const LONGEST_MS = 120_000;

interface RunningCall {
  readonly page: OpenPage;
  readonly conversationId: string;
  isBegun: boolean;
  end(result: ToolResult): void;
  /** Time runs anew: the page has begun. */
  begun(): void;
}

/** Calls that pages were told of and that have not ended. Each is granted once, to the page that was told. */
export class PageCalls {
  readonly #clock: Pick<Clock, "after">;
  readonly #running = new Map<string, RunningCall>();

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  /** Never rejects. `tool` is the page's own name for it. */
  run(
    page: OpenPage,
    {
      tool,
      conversationId,
      input,
    }: { readonly tool: string; readonly conversationId: string; readonly input: Readonly<Record<string, unknown>> },
    { callId, signal }: Pick<CallContext, "callId" | "signal">,
  ): Promise<ToolResult> {
    const { promise, resolve } = Promise.withResolvers<ToolResult>();
    if (this.#running.has(callId)) return Promise.resolve(notBegun("The page has been told of this call already."));
    let callOff = this.#clock.after(BEGIN_MS, () => stop(notBegun("The page did not answer.")));
    const end = (result: ToolResult): void => {
      callOff();
      signal.removeEventListener("abort", onAbort);
      if (this.#running.get(callId) === running) this.#running.delete(callId);
      resolve(result);
    };
    const stop = (result: ToolResult): void => {
      if (page.line.isOpen()) page.line.tell({ do: "stop", callId });
      end(result);
    };
    const running: RunningCall = {
      page,
      conversationId,
      isBegun: false,
      end,
      begun: () => {
        running.isBegun = true;
        callOff();
        callOff = this.#clock.after(LONGEST_MS, () => stop(unknownEnd("The page did not answer in time.")));
      },
    };
    const onAbort = (): void => {
      const leaves = signal.reason === "shutdown" || signal.reason === "lease";
      if (!running.isBegun) stop(notBegun("The call was stopped before it began."));
      else stop(leaves ? unknownEnd("The server stopped in the middle of the call.") : stoppedInPage());
    };
    this.#running.set(callId, running);
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener("abort", onAbort);
      page.line.tell({ do: "run", conversationId, callId, tool, input });
    }
    return promise;
  }

  /** Whether this page may run the call now: true once. */
  begin(seat: PageSeat, callId: string): boolean {
    const running = this.#of(seat, callId);
    if (running === undefined || running.isBegun) return false;
    if (running.page.line.shows(running.conversationId)) {
      running.begun();
      return true;
    }
    running.end(notBegun("The page shows another conversation by now."));
    return false;
  }

  /** What came of a call. Of one that was not granted, or is over, nothing is taken. */
  answer(seat: PageSeat, callId: string, answer: PageAnswer): void {
    const running = this.#of(seat, callId);
    if (running?.isBegun === true) running.end(pageResult(answer));
  }

  /** The page is gone, and may come back: what it has not begun is over. */
  left(page: OpenPage): void {
    for (const running of this.#on(page)) if (!running.isBegun) running.end(notBegun("The page is gone."));
  }

  /** It did not come back. */
  forgotten(page: OpenPage): void {
    for (const running of this.#on(page)) running.end(unknownEnd("The page went away in the middle of the call."));
  }

  #on(page: OpenPage): readonly RunningCall[] {
    return [...this.#running.values()].filter((running) => running.page === page);
  }

  #of({ customerId, sessionId, origin }: PageSeat, callId: string): RunningCall | undefined {
    const running = this.#running.get(callId);
    const seat = running?.page.seat;
    const isTold = seat?.customerId === customerId && seat.sessionId === sessionId && seat.origin === origin;
    return isTold ? running : undefined;
  }
}
