import * as z from "zod";
import { keySchema } from "../../../../protocol/identifiers.ts";
import { assistantCreationSchema, assistantPatchSchema } from "../../../setup/assistants/assistant-record.ts";
import { assistantViewSchema } from "../../../setup/assistants/assistant-view.ts";
import type { AssistantCopies } from "../../../setup/assistants/assistant-copies.ts";
import type { AssistantRegistry, Versioned } from "../../../setup/assistants/assistants.ts";
import { assistantStateSchema, type AssistantTests, modelTestSchema } from "../../../setup/assistants/assistant-tests.ts";
import type { ApiAnswer, Route } from "../route.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { route } from "../route.ts";

const params = z.object({ key: keySchema });
export const assistantAnswer = assistantViewSchema.meta({ id: "Assistant" });
const state = assistantStateSchema.meta({ id: "AssistantState" });

const deletion = z.object({
  key: keySchema,
  name: z.string(),
  connectors: z.array(z.string()).describe("The identifiers of its servers; they go with it."),
  hasDraft: z.boolean(),
  allowedOrigins: z.array(z.string()).describe("The websites that lose it."),
  conversations: z
    .object({
      total: z.int(),
      open: z.int().describe("Those with something unanswered, or that wait for a person."),
      waitingForApproval: z.int(),
    })
    .describe("They stay, and their customers are told that the assistant is gone. Without those in previews."),
  conversationDays: z
    .int()
    .optional()
    .describe(
      "They are gone so many days after their last event, as the assistant says. Absent: the server's retention.deletedAssistantDays, or never.",
    ),
  lastSeen: z.number().optional().describe("When something last happened in one of them."),
});

export interface AssistantsRoutesPorts {
  readonly assistants: AssistantRegistry;
  readonly copies: AssistantCopies;
  readonly tests: AssistantTests;
}

export function assistantsRoutes({ assistants, copies, tests }: AssistantsRoutesPorts): readonly Route[] {
  return [
    ...aroundOneRoutes({ assistants, copies }),
    route({
      method: "GET",
      path: "/assistants",
      operationId: "listAssistants",
      tag: "Assistants",
      summary: "The assistants that one may see: the configuration file's, and those made here",
      action: "assistants.read",
      query: searchQuery,
      response: pageOf(assistantAnswer),
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
      body: assistantCreationSchema,
      response: assistantAnswer,
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
      summary: "Changes what is named; null takes it away or back to its default. A new version; conversations follow with their next turn",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      body: assistantPatchSchema,
      response: assistantAnswer,
      versioned: true,
      handle: async ({ staff, params: { key }, body, ifVersion }) => answer(await assistants.update(staff, key, body, ifVersion)),
    }),
    route({
      method: "DELETE",
      path: "/assistants/{key}",
      operationId: "removeAssistant",
      tag: "Assistants",
      summary:
        "Takes an assistant off its websites, with its connectors, versions and draft; its conversations stay, and its key is reserved",
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

function aroundOneRoutes({ assistants, copies }: Pick<AssistantsRoutesPorts, "assistants" | "copies">): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/assistants/{key}/deletion",
      operationId: "readDeletion",
      tag: "Assistants",
      summary: "What hangs on an assistant, to be looked at before it is removed",
      action: "assistants.write",
      refuses: ["read-only"],
      params,
      response: deletion,
      handle: async ({ staff, params: { key } }) => answer(await assistants.deletion(staff, key)),
    }),
    route({
      method: "POST",
      path: "/assistants/{key}/duplicate",
      operationId: "duplicateAssistant",
      tag: "Assistants",
      summary: "Makes an assistant of one's own from a published one, with its connectors as far as one may use the servers",
      action: "assistants.write",
      refuses: ["already-exists"],
      params,
      body: z.strictObject({
        ...assistantCreationSchema.pick({ key: true, name: true, reuseKey: true }).shape,
        apiKey: z
          .string()
          .min(1)
          .max(8192)
          .optional()
          .describe("The model's key. Write-only; absent: the one of the original, where that belongs to whoever asks, or none."),
      }),
      response: assistantAnswer.extend({
        leftOut: z.array(z.object({ server: z.string(), reason: z.string() })).describe("The servers that it does not have."),
      }),
      status: 201,
      creates: true,
      handle: async ({ staff, params: { key }, body }) => {
        const { leftOut, ...made } = await copies.duplicate(staff, key, body);
        const { body: shown, ...version } = answer(made);
        return { body: { ...shown, leftOut: [...leftOut] }, ...version, location: `/assistants/${body.key}` };
      },
    }),
  ];
}

/** What the configuration file declares has no version: it is not changed here. */
export function answer<Value>({ value, version }: Versioned<Value>): ApiAnswer<Value> {
  return { body: value, ...(version === undefined ? {} : { version }) };
}
