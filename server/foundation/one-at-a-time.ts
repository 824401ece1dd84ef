/** Runs jobs one after the other. For rules over several documents ("one admin stays") in a database that only this process writes. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
