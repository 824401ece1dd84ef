import type { Meter } from "../conversation/ports/meter.ts";
import type { Mount } from "../http/application.ts";
import type { Metrics } from "../http/metrics.ts";
import { lazily } from "../foundation/lazily.ts";

/** Counters that are loaded when there is something to count, or when somebody asks for them: a server at rest does without. */
export function lateMetrics(sockets: () => number): { readonly meter: Meter; readonly mount: Mount } {
  let loaded: Metrics | undefined;
  const load = lazily(async () => (loaded = (await import("../http/metrics.ts")).createMetrics(sockets)));
  const count = (told: (meter: Meter) => void): void => {
    if (loaded !== undefined) return told(loaded.meter);
    // What is not counted is no reason to fail.
    load().then(
      ({ meter }) => told(meter),
      () => undefined,
    );
  };
  return {
    meter: {
      runStarted: (...run) => count((meter) => meter.runStarted(...run)),
      runEnded: (...run) => count((meter) => meter.runEnded(...run)),
      turnEnded: (...turn) => count((meter) => meter.turnEnded(...turn)),
      stepEnded: (...step) => count((meter) => meter.stepEnded(...step)),
      toolCalled: (...call) => count((meter) => meter.toolCalled(...call)),
    },
    mount: { path: "/metrics", load: async () => (await load()).routes },
  };
}
