/**
 * The thread of the search: it alone has the file open, so that neither a slow search nor the work of indexing stops a
 * conversation. Started by `worker-search.ts`.
 */
import { setImmediate as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { SearchIndex } from "./search-index.ts";
import type { AnswerFrame, OrderFrame, SearchAnswers, SearchOrder } from "./search-messages.ts";

const { path } = workerData as { readonly path: string };
const index = new SearchIndex(path);

parentPort?.on("message", ({ id, order }: OrderFrame) => {
  carryOut(order).then(
    (answer) => say({ id, answer }),
    (cause: unknown) => say({ id, fault: cause instanceof Error ? cause.message : String(cause) }),
  );
});

async function carryOut(order: SearchOrder): Promise<SearchAnswers[keyof SearchAnswers]> {
  switch (order.do) {
    case "search":
      return index.search(order.question);
    case "add":
      index.add(order.texts, order.filled);
      return undefined;
    case "filled":
      return index.filledThrough();
    case "remove":
      // In steps: whoever searches meanwhile waits for one of them.
      while (index.removeSome(order.conversationIds)) await pause();
      index.forget();
      return undefined;
    case "close":
      index.close();
      parentPort?.close();
      return undefined;
  }
}

function say(frame: AnswerFrame): void {
  parentPort?.postMessage(frame);
}
