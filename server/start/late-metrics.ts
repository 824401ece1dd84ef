import type { Meter } from "../conversation/ports/meter.ts";
import type { Mount } from "../http/application.ts";
import type { Metrics } from "../http/metrics.ts";
import { lazily } from "../foundation/lazily.ts";

/** Counters that load with the first thing to count or the first reader: a server at rest needs none. */
export function lateMetrics(sockets: () => number): { readonly meter: Meter; readonly mount: Mount } {
  let loaded: Metrics | undefined;
  const load = lazily(async () => (loaded = (await import("../http/metrics.ts")).createMetrics(sockets)));
  const count = (report: (meter: Meter) => void): void => {
    if (loaded !== undefined) return report(loaded.meter);
    // A missing count is no reason to fail.
    load().then(
      ({ meter }) => report(meter),
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
