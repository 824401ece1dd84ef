import { type ModelSettings, PROVIDERS } from "../conversation/ports/assistant.ts";
import type { LeftOutTools, ModelOutcomes, ModelTests } from "../conversation/ports/model-test.ts";
import { ModelError, type Model, type Models } from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { baseUrlOf } from "./base-url.ts";
import { LastOutcomes } from "./last-outcomes.ts";
import { ModelMemory } from "./model-memory.ts";
import { PROVIDER_APIS } from "./providers.ts";
import { withRetry } from "./retry.ts";
import { Gathering } from "./transport/gathering.ts";
import { originOf } from "./wires/origin.ts";
import { PostOffice, type Post, type Sockets } from "./transport/post.ts";
import { WireModel } from "./wire-model.ts";

/** More than any server has assistants; only there so that changed settings do not pile up. */
const MOST_KEPT = 500;

export interface ModelsPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Opens the sockets with the first request; `close` ends them. Without it no address is checked: for tests. */
  readonly sockets?: () => Promise<Sockets>;
  /** How busy the process is, see `Gathering`. Absent: as the event loop measures it. */
  readonly utilization?: () => number;
}

export interface CreatedModels extends Models, ModelTests, ModelOutcomes, LeftOutTools {
  close(): Promise<void>;
}

interface ModelPorts extends ModelsPorts {
  readonly post: Post;
  readonly gathering: Gathering;
  readonly memory: ModelMemory;
}

/** `Models` of all providers. `close` ends what is running. */
export function createModels(ports: ModelsPorts): CreatedModels {
  const office = new PostOffice({ open: ports.sockets });
  const gathering = new Gathering(ports.clock, ports.utilization);
  const outcomes = new LastOutcomes(() => ports.clock.now());
  const kept = new Map<string, Model>();
  const memories = new Map<string, ModelMemory>();
  const memoryOf = (settings: NamedModel): ModelMemory => {
    const name = nameOf(settings);
    const memory = memories.get(name) ?? new ModelMemory();
    keepIn(memories, name, memory);
    return memory;
  };
  return {
    of: async (settings) => {
      const key = JSON.stringify([settings.provider, settings.model, settings.baseUrl, settings.apiKey, settings.silenceTimeoutMs]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const wire = modelOf(settings, { ...ports, post: office.post, gathering, memory: memoryOf(settings) });
      const model = withRetry(wire, {
        ...ports,
        name: `${settings.provider}/${settings.model.trim()}`,
        outcome: { answered: () => outcomes.answered(settings), failed: (error) => outcomes.failed(settings, error) },
      });
      keepIn(kept, key, model);
      return model;
    },
    test: async (settings, signal) => {
      const { testModel, unusable } = await import("./test-model.ts");
      try {
        const memory = memoryOf(settings);
        const modelWith = (post: Post): WireModel => modelOf(settings, { ...ports, post, gathering, memory });
        const { format } = modelWith(office.post);
        const found = await testModel({ settings, memory, format, post: office.post, clock: ports.clock, modelWith }, signal);
        outcomes.tested(settings, found);
        return found;
      } catch (error) {
        if (error instanceof ModelError) return unusable(error);
        throw error;
      }
    },
    lastOutcome: (settings) => outcomes.of(settings),
    leftOut: (settings) => {
      try {
        return memoryOf(settings).leftOutTools;
      } catch {
        // Settings that no model can be made of.
        return [];
      }
    },
    close: () => office.close(),
  };
}

function keepIn<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  const oldest = kept.size >= MOST_KEPT && !kept.has(key) ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}

type NamedModel = Pick<ModelSettings, "provider" | "model" | "baseUrl">;

/** Named by what it is, not by the key that asks. */
function nameOf(settings: NamedModel): string {
  return `${settings.provider} ${originOf({ baseUrl: baseUrlOf(settings), model: settings.model.trim() })}`;
}

function modelOf(settings: ModelSettings, { clock, log, post, gathering, memory }: ModelPorts): WireModel {
  const apiKey = keyOf(settings);
  const baseUrl = baseUrlOf(settings);
  const model = settings.model.trim();
  if (model === "") throw new ModelError("misconfigured", `The assistant's model of the provider ${settings.provider} has no name.`);
  const wire = PROVIDER_APIS[settings.provider].wire({ model, baseUrl, apiKey, newId: () => clock.id() });
  const onLeftOut = (tool: string, reason: string): void =>
    log.warn(
      { model: `${settings.provider}/${model}`, tool, reason },
      "A model's provider refuses a tool, and with it every request. The tool is left out.",
    );
  return new WireModel(wire, { post, clock, gathering, apiKey, silenceMs: settings.silenceTimeoutMs, memory, onLeftOut });
}

/** Servers of one's own often want no key; the providers always do. */
function keyOf({ provider, apiKey, baseUrl }: ModelSettings): string | undefined {
  const key = apiKey?.trim() ?? "";
  if (key === "") {
    if (!PROVIDERS[provider].needsKey || baseUrl !== undefined) return undefined;
    throw new ModelError(
      "misconfigured",
      `The assistant's model of the provider ${provider} has no apiKey. Set it, for example to a \${NAME} from the environment.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new ModelError("misconfigured", `The apiKey for the provider ${provider} has characters that no key has. Paste the key again.`);
  return key;
}
