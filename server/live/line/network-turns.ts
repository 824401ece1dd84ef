/** One large answer at a time for each network, and everybody else's work between two of them. */
export class NetworkTurns {
  /** What the next one waits for. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `answer` in its turn, and rejects as it does. */
  async inTurn(network: string, answer: () => Promise<void>): Promise<void> {
    const before = this.#last.get(network);
    const turn = before === undefined ? answer() : before.then(answer);
    // Reading is done at once, so without a pause a queue of answers would be one piece of work.
    const over = turn.catch(() => undefined).then(pause);
    this.#last.set(network, over);
    void over.then(() => {
      if (this.#last.get(network) === over) this.#last.delete(network);
    });
    await turn;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
