import { Router } from "express";
import { StoreUnwritableError } from "../conversation/ports/errors.ts";
import type { Clock } from "../foundation/clock.ts";

export interface HealthPorts {
  /** Resolves when the store answers and has written something; rejects when it does not. */
  readonly store: () => Promise<void>;
  readonly isStopping: () => boolean;
  readonly clock: Pick<Clock, "now">;
}

interface NotReady {
  readonly problem: "stopping" | "store-silent" | "store-failed" | "store-unwritable";
  /** What the operator can do. */
  readonly detail?: string;
}

/** A store that is silent for longer counts as gone. */
const PATIENCE_MS = 2000;
/** The store is tried so often at most, however many ask. */
const TRY_MS = 1000;

/** `/healthz`: the process lives; restart it when not. `/readyz`: it takes work; send none when not. */
export function healthRoutes({ store, isStopping, clock }: HealthPorts): Router {
  const router = Router();
  let tried: { readonly at: number; readonly outcome: Promise<NotReady | undefined> } | undefined;
  const storeProblem = (): Promise<NotReady | undefined> => {
    const at = clock.now();
    // The clock may have been set back.
    if (tried === undefined || Math.abs(at - tried.at) >= TRY_MS) tried = { at, outcome: tryStore(store) };
    return tried.outcome;
  };
  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_request, response) => {
    const notReady: NotReady | undefined = isStopping() ? { problem: "stopping" } : await storeProblem();
    response
      .status(notReady === undefined ? 200 : 503)
      .json(notReady === undefined ? { status: "ready" } : { status: "not-ready", ...notReady });
  });
  return router;
}

async function tryStore(store: HealthPorts["store"]): Promise<NotReady | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<NotReady>((resolve) => {
    timer = setTimeout(() => resolve({ problem: "store-silent" }), PATIENCE_MS);
  });
  try {
    return await Promise.race([
      late,
      store().then(
        () => undefined,
        (error: unknown): NotReady =>
          error instanceof StoreUnwritableError ? { problem: "store-unwritable", detail: error.message } : { problem: "store-failed" },
      ),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
