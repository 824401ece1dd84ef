/**
 * Runs one job at a time under each name. For rules over several documents, such as "one admin stays", which no single
 * version number protects. Holds for everything that writes the same database. The law is in `test/contract/lock.ts`.
 */
export interface Lock {
  /**
   * Runs `job` after the earlier jobs of this name, whether they succeeded or failed, and resolves or rejects as `job`
   * does. If `signal` is aborted before the job's turn, the job does not run, and the promise rejects with the signal's
   * reason. Not reentrant: a job that asks for its own name waits for itself.
   */
  run<Result>(name: string, job: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}
