import type { ModelSettings } from "../conversation/ports/assistant.ts";
import { ModelError, type Model, type Models } from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { baseUrlOf, isOpenAi } from "./base-url.ts";
import { PostOffice, type Connections, type Post, type PostTimeouts } from "./post.ts";
import { withRetry } from "./retry.ts";
import { WireModel } from "./wire-model.ts";
import { anthropic } from "./wires/anthropic.ts";
import { gemini } from "./wires/gemini.ts";
import { openAiChat } from "./wires/openai-chat.ts";
import { openAiResponses } from "./wires/openai-responses.ts";
import type { Wire, WireOptions } from "./wires/wire.ts";

/** More than any server has assistants; only there so that changed settings do not pile up. */
const MOST_KEPT = 500;

export interface ModelsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Opens the connections with the first request; `close` ends them. Without it nothing is looked at: for tests. */
  readonly connections?: () => Promise<Connections>;
  readonly timeouts?: PostTimeouts;
}

/** `Models` of all providers. `close` ends what is running. */
export function createModels(options: ModelsOptions): Models & { close(): Promise<void> } {
  const office = new PostOffice({ open: options.connections, timeouts: options.timeouts });
  const kept = new Map<string, Model>();
  return {
    of: async (settings) => {
      const key = JSON.stringify([settings.provider, settings.model, settings.baseUrl, settings.apiKey]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const model = modelOf(settings, office.post, options);
      const oldest = kept.size >= MOST_KEPT ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, model);
      return model;
    },
    close: () => office.close(),
  };
}

function modelOf(settings: ModelSettings, post: Post, { clock, log }: ModelsOptions): Model {
  const apiKey = keyOf(settings);
  const baseUrl = baseUrlOf(settings);
  const model = settings.model.trim();
  if (model === "") throw new ModelError("misconfigured", `The assistant's model of the provider ${settings.provider} has no name.`);
  const wire = wireOf(settings.provider, { model, baseUrl, apiKey, newId: () => clock.id() });
  return withRetry(new WireModel(wire, { post, clock, apiKey }), { clock, log, name: `${settings.provider}/${model}` });
}

function wireOf(provider: ModelSettings["provider"], options: WireOptions): Wire {
  switch (provider) {
    case "openai":
      return isOpenAi(options.baseUrl) ? openAiResponses(options) : openAiChat(options);
    case "openai-compatible":
      return openAiChat(options);
    case "anthropic":
      return anthropic(options);
    case "google":
      return gemini(options);
  }
}

/** Servers of one's own often want no key; the providers always do. */
function keyOf({ provider, apiKey, baseUrl }: ModelSettings): string | undefined {
  const key = apiKey?.trim() ?? "";
  if (key === "") {
    if (provider === "openai-compatible" || baseUrl !== undefined) return undefined;
    throw new ModelError(
      "misconfigured",
      `The assistant's model of the provider ${provider} has no apiKey. Set it, for example to a \${NAME} from the environment.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new ModelError(
      "misconfigured",
      `The apiKey for the provider ${provider} has characters that no key has. Was something else pasted?`,
    );
  return key;
}
