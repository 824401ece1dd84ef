import * as z from "zod";
import { modelTestSchema } from "../../../setup/assistants/assistant-tests.ts";
import { modelProviderSchema, type ModelTrials, modelTrialSchema } from "../../../setup/assistants/model-trials.ts";
import { type Route, route } from "../route.ts";

/** What a page needs before there is an assistant. */
export function modelsRoutes({ trials }: { readonly trials: ModelTrials }): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/models/providers",
      operationId: "listModelProviders",
      tag: "Models",
      summary: "The providers that an assistant's model may have, with what each needs",
      action: "assistants.read",
      response: z.object({ items: z.array(modelProviderSchema.meta({ id: "ModelProvider" })) }),
      handle: async () => ({ body: { items: await trials.providers() } }),
    }),
    route({
      method: "POST",
      path: "/models/test",
      operationId: "testModel",
      tag: "Models",
      summary: "Tries a model out before an assistant has it, as a test of an assistant does. Stores nothing; costs some tokens",
      action: "assistants.test",
      refuses: ["rate-limited", "not-found"],
      body: modelTrialSchema,
      response: modelTestSchema.meta({ id: "ModelTest" }),
      handle: async ({ staff, body, signal }) => ({ body: await trials.test(staff, body, signal) }),
    }),
  ];
}
