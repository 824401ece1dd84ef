import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import type { AssistantIdentities } from "../../../setup/assistants/assistant-identities.ts";
import type { AssistantRegistry } from "../../../setup/assistants/assistants.ts";
import { identityInputSchema, identityViewSchema } from "../../../setup/assistants/identity-record.ts";
import { type Route, route } from "../route.ts";
import { answer } from "./assistants-routes.ts";

const params = z.object({ key: keySchema });
const response = identityViewSchema.meta({ id: "AssistantIdentity" });
const path = "/assistants/{key}/identity";

export interface AssistantIdentityRoutesPorts {
  readonly identities: AssistantIdentities;
  readonly assistants: AssistantRegistry;
}

/** How an assistant's website says who its customers are. */
export function assistantIdentityRoutes({ identities, assistants }: AssistantIdentityRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path,
      operationId: "readAssistantIdentity",
      tag: "Assistants",
      summary: "How the website says who its customers are; its secrets are never shown",
      action: "assistants.write",
      params,
      response,
      handle: async ({ staff, params: { key } }) => answer(await identities.get(staff, key, assistants)),
    }),
    route({
      method: "PUT",
      path,
      operationId: "replaceAssistantIdentity",
      tag: "Assistants",
      summary: "Sets how the website says who its customers are; it holds at once, whichever version is published",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: identityInputSchema.meta({
        examples: [{ mode: "optional", keys: [{ kid: "2026", algorithm: "HS256", secret: "at least 32 random characters of your own" }] }],
      }),
      response,
      versioned: true,
      handle: async ({ staff, params: { key }, body: input, ifVersion }) =>
        answer(await identities.replace(staff, { assistant: key, input, ifVersion }, assistants)),
    }),
  ];
}
