import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import { assistantInputSchema, assistantPatchSchema } from "../../../setup/assistants/assistant-record.ts";
import { assistantViewSchema } from "../../../setup/assistants/assistant-view.ts";
import type { AssistantRegistry, Versioned } from "../../../setup/assistants/assistants.ts";
import { assistantStateSchema, type AssistantTests, modelTestSchema } from "../../../setup/assistants/assistant-tests.ts";
import type { ApiAnswer, Route } from "../route.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { route } from "../route.ts";

const params = z.object({ key: keySchema });
const view = assistantViewSchema.meta({ id: "Assistant" });
const state = assistantStateSchema.meta({ id: "AssistantState" });

export interface AssistantsRoutesPorts {
  readonly assistants: AssistantRegistry;
  readonly tests: AssistantTests;
}

export function assistantsRoutes({ assistants, tests }: AssistantsRoutesPorts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/assistants",
      operationId: "listAssistants",
      tag: "Assistants",
      summary: "The assistants that one may see: the configuration file's, and those made here",
      action: "assistants.read",
      query: searchQuery,
      response: pageOf(view),
      handle: async ({ staff, query }) => {
        const read = (after: string | undefined, limit: number) => assistants.list(staff, listed(after, limit, query.q));
        return { body: await page(query, readTextCursor, read, ({ key }) => key) };
      },
    }),
    route({
      method: "POST",
      path: "/assistants",
      operationId: "createAssistant",
      tag: "Assistants",
      summary: "Makes an assistant; it belongs to whoever makes it",
      action: "assistants.write",
      refuses: ["already-exists"],
      body: assistantInputSchema,
      response: view,
      status: 201,
      creates: true,
      handle: async ({ staff, body }) => ({ ...answer(await assistants.create(staff, body)), location: `/assistants/${body.key}` }),
    }),
    route({
      method: "GET",
      path: "/assistants/{key}",
      operationId: "readAssistant",
      tag: "Assistants",
      summary: "One assistant, with the tools that its model's provider refuses",
      action: "assistants.read",
      params,
      response: state,
      handle: async ({ staff, params: { key } }) => {
        const { body, ...version } = answer(await assistants.get(staff, key));
        return { body: tests.withLeftOut(body), ...version };
      },
    }),
    route({
      method: "PATCH",
      path: "/assistants/{key}",
      operationId: "changeAssistant",
      tag: "Assistants",
      summary: "Changes what is named; null takes it away or back to its default. Running conversations follow at their next step",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: assistantPatchSchema,
      response: view,
      versioned: true,
      handle: async ({ staff, params: { key }, body, ifVersion }) => answer(await assistants.update(staff, key, body, ifVersion)),
    }),
    route({
      method: "DELETE",
      path: "/assistants/{key}",
      operationId: "removeAssistant",
      tag: "Assistants",
      summary: "Takes an assistant off its websites, with its connectors; its conversations stay",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { key }, ifVersion }) => {
        await assistants.remove(staff, key, ifVersion);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/assistants/{key}/test",
      operationId: "testAssistant",
      tag: "Assistants",
      summary: "Asks its model for a word and for a call of a test tool, and says what to do. A few small requests, which cost tokens",
      action: "assistants.test",
      refuses: ["rate-limited"],
      params,
      response: modelTestSchema.meta({ id: "ModelTest" }),
      handle: async ({ staff, params: { key }, signal }) => ({ body: await tests.test(staff, key, signal) }),
    }),
  ];
}

/** What the configuration file declares has no version: it is not changed here. */
export function answer<Value>({ value, version }: Versioned<Value>): ApiAnswer<Value> {
  return { body: value, ...(version === undefined ? {} : { version }) };
}
