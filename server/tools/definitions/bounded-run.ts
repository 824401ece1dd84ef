import { createContext, Script } from "node:vm";

const script = new Script("job()");
/** One for all runs: making a context costs milliseconds. */
const context: { job?: () => void } = {};
createContext(context);

/** The job computed for too long and was stopped. */
export class RunTooLongError extends Error {
  override readonly name = "RunTooLongError";
}

/** A busy machine may leave a process waiting for longer than any limit; it hardly does so this often in a row. */
const TRIES = 5;
/** A job that computed for this share of its limit was not kept waiting: it is slow. */
const SLOW = 0.8;

/**
 * Runs `job` and stops it when it computes for longer than `limitMs` (`RunTooLongError`). This is not a sandbox: it is
 * how a regular expression or a schema made by somebody else is kept from holding the whole server. What is limited is
 * computing: a job that was stopped while the machine was busy with other things runs again from its beginning, so it
 * must be harmless to repeat. Costs about 0.2 ms.
 */
export function boundedRun<T>(limitMs: number, job: () => T): T {
  for (let tries = 1; ; tries += 1) {
    const beforeMs = computedMs();
    try {
      return runOnce(limitMs, job);
    } catch (error) {
      const isSlow = computedMs() - beforeMs >= limitMs * SLOW;
      if (!(error instanceof RunTooLongError) || isSlow || tries === TRIES) throw error;
    }
  }
}

/** How much this thread has computed: other threads compile and collect garbage meanwhile. Node 22 knows only the process. */
function computedMs(): number {
  const known: { threadCpuUsage?: () => NodeJS.CpuUsage } = process;
  const { user, system } = known.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

function runOnce<T>(limitMs: number, job: () => T): T {
  const outcome: { value?: T; error?: unknown; threw: boolean } = { threw: false };
  context.job = () => {
    try {
      outcome.value = job();
    } catch (error) {
      outcome.threw = true;
      outcome.error = error;
    }
  };
  try {
    script.runInContext(context, { timeout: limitMs });
  } catch (error) {
    throw new RunTooLongError(`It took longer than ${limitMs} ms.`, { cause: error });
  } finally {
    delete context.job;
  }
  if (outcome.threw) throw outcome.error;
  return outcome.value as T;
}
