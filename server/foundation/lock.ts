/**
 * One job at a time under each name. For rules over several documents, such as "one admin stays", which no single version number protects. Holds among
 * everything that writes the same database; the law is in `test/contract/lock.ts`.
 */
export interface Lock {
  /**
   * Runs `job` after the earlier jobs of this name, whether they succeeded or failed; resolves or rejects as it does. A job whose `signal` is aborted before its
   * turn does not run; the promise rejects with the signal's reason. Not reentrant: a job that asks for its own name waits for itself.
   */
  run<Result>(name: string, job: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}
