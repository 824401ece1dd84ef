import { Router } from "express";

export interface HealthPorts {
  /** Resolves when the store answers; rejects when it does not. */
  readonly store: () => Promise<void>;
  readonly isStopping: () => boolean;
}

/** A store that is silent for longer counts as gone. */
const PATIENCE_MS = 2000;

/** `/healthz`: the process lives; restart it when not. `/readyz`: it takes work; send none when not. */
export function healthRoutes(ports: HealthPorts): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_request, response) => {
    const problem = ports.isStopping() ? "stopping" : await storeProblem(ports);
    response.status(problem === undefined ? 200 : 503).json(problem === undefined ? { status: "ready" } : { status: "not-ready", problem });
  });
  return router;
}

async function storeProblem(ports: HealthPorts): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("store-silent"), PATIENCE_MS);
  });
  try {
    return await Promise.race([
      late,
      ports.store().then(
        () => undefined,
        () => "store-failed",
      ),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
