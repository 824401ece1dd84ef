import type { Models } from "../conversation/ports/model.ts";
import type { Tools } from "../conversation/ports/tools.ts";
import { lazily } from "../foundation/lazily.ts";

type Closing<T> = T & { close(): Promise<void> };

/** Models that are loaded when the first answer needs one, so that the server starts fast and rests light. */
export function lazyModels(load: () => Promise<Closing<Models>>): Closing<Models> {
  let models: Closing<Models> | undefined;
  const loaded = lazily(async () => (models = await load()));
  return {
    of: async (settings) => (await loaded()).of(settings),
    close: async () => models?.close(),
  };
}

/** Tools that are loaded when the first conversation opens them. */
export function lazyTools(load: () => Promise<Tools>): Tools {
  let tools: Tools | undefined;
  const loaded = lazily(async () => (tools = await load()));
  return {
    open: async (request) => (await loaded()).open(request),
    rest: (conversationId) => tools?.rest(conversationId),
    close: async () => tools?.close(),
  };
}
