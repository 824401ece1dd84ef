import { type DestinationStream, type Logger, pino } from "pino";
import { createRedaction, type Redaction } from "../guard/secrets/redaction.ts";

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The server's log, and its rule for secrets, which grows once the configuration is read. */
export interface ServerLog {
  readonly log: Logger;
  redactFromNowOn(redaction: Redaction): void;
}

/**
 * Writes one JSON line per entry to standard output, or to `destination`. Every line is redacted twice: its fields by
 * their names, and the finished line by the known secrets and by what looks like one. What customers and assistants
 * write is never logged.
 */
export function createLog(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): ServerLog {
  let redaction = createRedaction();
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redaction.fields(fields),
    },
    hooks: { streamWrite: (line: string) => redaction.text(line) },
  };
  return {
    log: pino(settings, options.destination ?? standardOutput()),
    redactFromNowOn(next) {
      redaction = next;
    },
  };
}

/**
 * When the reader of the output is gone, pino's own writer retries for ever and blocks the whole process. The stream
 * only reports an error. Lines that nobody can read any more are dropped.
 */
function standardOutput(): DestinationStream {
  process.stdout.on("error", () => {});
  return process.stdout;
}
