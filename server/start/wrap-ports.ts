import type { Models } from "../conversation/ports/model.ts";
import type { Toolbox, Tools } from "../conversation/ports/tools.ts";

/** Watches or breaks every call of a port. Tests end the process between any two calls with it. */
export type WrapPort = <T extends object>(name: string, port: T) => T;

/** Hands every port on as it is. */
export const NO_WRAP: WrapPort = (_name, port) => port;

/** The models and each `model` they make. */
export function wrapModels(models: Models, wrap: WrapPort): Models {
  if (wrap === NO_WRAP) return models;
  return wrap("models", { of: async (...asked) => wrap("model", await models.of(...asked)) });
}

/** The tools and each `tool` of a toolbox. */
export function wrapTools(tools: Tools, wrap: WrapPort): Tools {
  if (wrap === NO_WRAP) return tools;
  return wrap("tools", {
    async open(request): Promise<Toolbox> {
      const toolbox = await tools.open(request);
      return { ...toolbox, tools: toolbox.tools.map((tool) => wrap("tool", tool)) };
    },
    rest: (conversationId) => tools.rest(conversationId),
    close: () => tools.close(),
  });
}
