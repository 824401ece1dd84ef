import type { Usage } from "../../../protocol/events.ts";
import type { Model, ModelPart, ModelRequest } from "../ports/model.ts";

/**
 * An answer of a model that is asked for before anybody may read it: its parts are kept until somebody takes them, and
 * nothing is done about them.
 */
export class EarlyStream {
  readonly #controller = new AbortController();
  readonly #parts: ModelPart[] = [];
  #end: { readonly error?: unknown } | undefined;
  #told: (() => void) | undefined;

  /** `onFailed` is called where it breaks off, unless it was dropped. */
  constructor(model: Model, request: ModelRequest, onFailed: () => void) {
    void this.#pull(model, request).then(() => {
      if (this.failed && !this.#controller.signal.aborted) onFailed();
    });
  }

  /** It broke off: whoever wants the answer asks anew. */
  get failed(): boolean {
    return this.#end !== undefined && "error" in this.#end;
  }

  /** What was said until now. */
  get text(): string {
    return this.#parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  }

  /** What it took, where the model has said so. */
  get usage(): Usage | undefined {
    const last = this.#parts.at(-1);
    return last?.type === "finish" ? last.usage : undefined;
  }

  drop(): void {
    this.#controller.abort("dropped");
  }

  /** What came until now, then the rest, as `Model.stream` gives it. For one reader. */
  async *taken(signal: AbortSignal): AsyncGenerator<ModelPart> {
    const onAbort = (): void => {
      this.#controller.abort(signal.reason);
      this.#tell();
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      for (let next = 0; ;) {
        signal.throwIfAborted();
        const part = this.#parts[next];
        if (part !== undefined) {
          next += 1;
          yield part;
        } else if (this.#end === undefined) await new Promise<void>((resolve) => (this.#told = resolve));
        else if ("error" in this.#end) throw this.#end.error;
        else return;
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.drop();
    }
  }

  async #pull(model: Model, request: ModelRequest): Promise<void> {
    try {
      for await (const part of model.stream(request, this.#controller.signal)) {
        this.#parts.push(part);
        this.#tell();
      }
      this.#end = {};
    } catch (error) {
      this.#end = { error };
    }
    this.#tell();
  }

  #tell(): void {
    this.#told?.();
    this.#told = undefined;
  }
}
