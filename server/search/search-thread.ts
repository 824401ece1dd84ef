import { Worker } from "node:worker_threads";
import type { AnswerFrame, OrderFrame, SearchAnswers, SearchOrder } from "./search-messages.ts";

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (cause: Error) => void;
}

/** The thread that has the search's file: begun with the first order, and anew after it died. */
export class SearchThread {
  readonly #program: URL | string;
  readonly #path: string;
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #orders = 0;
  #closed = false;

  constructor({ program, path }: { readonly program: URL | string; readonly path: string }) {
    this.#program = program;
    this.#path = path;
  }

  /** Rejects what the order failed with, and when the thread dies over it. */
  ask<Name extends SearchOrder["do"]>(order: Extract<SearchOrder, { readonly do: Name }>): Promise<SearchAnswers[Name]> {
    if (this.#closed) return Promise.reject(new Error("The search is closed."));
    const worker = (this.#worker ??= this.#begin());
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, order } satisfies OrderFrame);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const worker = this.#worker;
    const ended = worker === undefined ? undefined : this.ask({ do: "close" });
    this.#closed = true;
    await ended?.catch(() => undefined);
    await worker?.terminate();
  }

  #begin(): Worker {
    const worker = new Worker(this.#program, { workerData: { path: this.#path } });
    // A server that has nothing else to do may end.
    worker.unref();
    worker.on("message", (frame: AnswerFrame) => {
      const waiting = this.#waiting.get(frame.id);
      this.#waiting.delete(frame.id);
      if ("fault" in frame) waiting?.reject(new Error(frame.fault));
      else waiting?.resolve(frame.answer as never);
    });
    const died = (cause: Error): void => {
      if (this.#worker === worker) this.#worker = undefined;
      const waiting = [...this.#waiting.values()];
      this.#waiting = new Map();
      for (const { reject } of waiting) reject(cause);
    };
    worker.on("error", (cause) => died(cause instanceof Error ? cause : new Error(String(cause))));
    worker.on("exit", () => died(new Error("The thread of the search has ended.")));
    return worker;
  }
}
