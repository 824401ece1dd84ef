import type { ModelSettings } from "../conversation/ports/assistant.ts";
import { type Model, ModelError, type ModelPart, type ModelRequest, type Models } from "../conversation/ports/model.ts";
import type { Log } from "../foundation/log.ts";

/** The model of a voice call that hears and speaks itself. */
export interface CallModel {
  readonly model: Model;
  readonly by: Pick<ModelSettings, "model" | "prices">;
}

/**
 * The models of assistants; in a conversation with a voice call that has its own, that one. Where the call's model fails
 * before its first word, or the call ends, the assistant's own goes on: all that was said is in the journal.
 */
export class ModelsOfCalls implements Models {
  readonly #models: Models;
  readonly #log: Pick<Log, "warn">;
  readonly #calls = new Map<string, CallModel>();

  constructor(models: Models, log: Pick<Log, "warn">) {
    this.#models = models;
    this.#log = log;
  }

  /** From now on this model answers in the conversation. Returns what ends that; harmless when repeated. */
  join(conversationId: string, call: CallModel): () => void {
    this.#calls.set(conversationId, call);
    return () => {
      if (this.#calls.get(conversationId) === call) this.#calls.delete(conversationId);
    };
  }

  async of(settings: ModelSettings, conversationId?: string): Promise<Model> {
    const call = conversationId === undefined ? undefined : this.#calls.get(conversationId);
    if (call === undefined) return this.#models.of(settings);
    return new AnsweringModel(call, { conversationId, log: this.#log, otherwise: () => this.#models.of(settings) });
  }
}

interface AnsweringPorts {
  readonly conversationId: string | undefined;
  readonly log: Pick<Log, "warn">;
  readonly otherwise: () => Promise<Model>;
}

class AnsweringModel implements Model {
  readonly #call: CallModel;
  readonly #ports: AnsweringPorts;
  #by: CallModel["by"] | undefined;

  constructor(call: CallModel, ports: AnsweringPorts) {
    this.#call = call;
    this.#ports = ports;
  }

  readonly answeredBy = (): CallModel["by"] | undefined => this.#by;

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart, void> {
    const { conversationId, log, otherwise } = this.#ports;
    this.#by = this.#call.by;
    let begun = false;
    try {
      for await (const part of this.#call.model.stream(request, signal)) {
        begun = true;
        yield part;
      }
      return;
    } catch (error) {
      if (begun || signal.aborted || !(error instanceof ModelError)) throw error;
      const cause = { kind: error.kind, cause: error.message };
      log.warn({ conversationId, ...cause }, "The model of a voice call does not answer. The assistant's own does.");
    }
    this.#by = undefined;
    yield* (await otherwise()).stream(request, signal);
  }
}
