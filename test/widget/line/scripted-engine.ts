type Say = (...said: unknown[]) => void;

/** What engine.io is for the line: one for each try. The test says what happens to it. */
export class ScriptedEngine {
  static readonly tries: ScriptedEngine[] = [];
  readonly #listeners = new Map<string, Say>();
  readonly written: unknown[] = [];
  readonly options: object;
  isClosed = false;

  constructor(options: object) {
    this.options = options;
    ScriptedEngine.tries.push(this);
  }
  on(event: string, listener: Say): void {
    this.#listeners.set(event, listener);
  }
  say(event: string, ...said: unknown[]): void {
    this.#listeners.get(event)?.(...said);
  }
  write(packet: unknown): void {
    this.written.push(packet);
  }
  close(): void {
    this.isClosed = true;
  }
}
