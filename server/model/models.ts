import { type ModelSettings, PROVIDERS } from "../conversation/ports/assistant.ts";
import { ModelError, type Model, type Models } from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { baseUrlOf } from "./base-url.ts";
import { PROVIDER_APIS } from "./providers.ts";
import { withRetry } from "./retry.ts";
import { Gathering } from "./transport/gathering.ts";
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

/** `Models` of all providers. `close` ends what is running. */
export function createModels(ports: ModelsPorts): Models & { close(): Promise<void> } {
  const office = new PostOffice({ open: ports.sockets });
  const gathering = new Gathering(ports.clock, ports.utilization);
  const kept = new Map<string, Model>();
  return {
    of: async (settings) => {
      const key = JSON.stringify([settings.provider, settings.model, settings.baseUrl, settings.apiKey, settings.silenceTimeoutMs]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const model = modelOf(settings, { ...ports, post: office.post, gathering });
      const oldest = kept.size >= MOST_KEPT ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, model);
      return model;
    },
    close: () => office.close(),
  };
}

interface ModelPorts extends Pick<ModelsPorts, "clock" | "log"> {
  readonly post: Post;
  readonly gathering: Gathering;
}

function modelOf(settings: ModelSettings, { clock, log, post, gathering }: ModelPorts): Model {
  const apiKey = keyOf(settings);
  const baseUrl = baseUrlOf(settings);
  const model = settings.model.trim();
  if (model === "") throw new ModelError("misconfigured", `The assistant's model of the provider ${settings.provider} has no name.`);
  const wire = PROVIDER_APIS[settings.provider].wire({ model, baseUrl, apiKey, newId: () => clock.id() });
  const name = `${settings.provider}/${model}`;
  const onLeftOut = (tool: string, reason: string): void =>
    log.warn({ model: name, tool, reason }, "A model's provider refuses a tool, and with it every request. The tool is left out.");
  const ports = { post, clock, gathering, apiKey, silenceMs: settings.silenceTimeoutMs, onLeftOut };
  return withRetry(new WireModel(wire, ports), { clock, log, name });
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
