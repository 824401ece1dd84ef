import * as z from "zod";
import type { Staff } from "../../../identity/staff/actions.ts";
import { draftHttpTool, httpToolDraftAnswerSchema, httpToolDraftRequestSchema } from "../../../setup/http-tools/http-tool-drafts.ts";
import { httpToolInputSchema, httpToolNameSchema, httpToolPatchSchema } from "../../../setup/http-tools/http-tool-record.ts";
import { httpToolTestSchema, httpToolTrialSchema, httpToolViewSchema } from "../../../setup/http-tools/http-tool-view.ts";
import type { HttpToolRegistry, VersionedHttpTool } from "../../../setup/http-tools/http-tools.ts";
import { listed, page, pageOf, readTextCursor, searchQuery } from "../cursor.ts";
import { type ApiAnswer, type Route, route } from "../route.ts";

const tag = "HTTP tools";
const params = z.object({ name: httpToolNameSchema });
const view = httpToolViewSchema.meta({ id: "HttpTool" });

export interface HttpToolsRoutesPorts {
  readonly httpTools: HttpToolRegistry;
  /** Throws when too many tries are made of this tool, or by this person or key. */
  readonly before: (tool: string, by: string) => Promise<void>;
}

export function httpToolsRoutes({ httpTools, before }: HttpToolsRoutesPorts): readonly Route[] {
  // Only tries of those who may use it count.
  const countTry = async (staff: Staff, name: string): Promise<void> => {
    await httpTools.view(staff, name);
    await before(`http/${name}`, `${staff.kind}/${staff.id}`);
  };
  return [
    route({
      method: "GET",
      path: "/http-tools",
      operationId: "listHttpTools",
      tag,
      summary: "The tools that are single endpoints, defined by hand",
      action: "servers.read",
      query: searchQuery,
      response: pageOf(view),
      handle: async ({ staff, query }) => {
        const read = (after: string | undefined, limit: number) => httpTools.views(staff, listed(after, limit, query.q));
        return { body: await page(query, readTextCursor, read, ({ name }) => name) };
      },
    }),
    route({
      method: "POST",
      path: "/http-tools",
      operationId: "createHttpTool",
      tag,
      summary: "Defines an HTTP tool; an assistant has it once its connector http names it",
      action: "servers.create",
      refuses: ["already-exists"],
      body: httpToolInputSchema,
      response: view,
      status: 201,
      creates: true,
      handle: async ({ staff, body }) => ({ ...answer(await httpTools.create(staff, body)), location: `/http-tools/${body.name}` }),
    }),
    route({
      method: "POST",
      path: "/http-tools/draft",
      operationId: "draftHttpTool",
      tag,
      summary: "Fills in a tool from a command of curl or an OpenAPI document, for you to look at. Nothing is sent or saved",
      action: "servers.create",
      body: httpToolDraftRequestSchema,
      response: httpToolDraftAnswerSchema.meta({ id: "HttpToolDraft" }),
      handle: async ({ body }) => ({ body: await draftHttpTool(body) }),
    }),
    route({
      method: "GET",
      path: "/http-tools/{name}",
      operationId: "readHttpTool",
      tag,
      summary: "One HTTP tool",
      action: "servers.read",
      refuses: ["server-unusable"],
      params,
      response: view,
      handle: async ({ staff, params: { name } }) => answer(await httpTools.view(staff, name)),
    }),
    route({
      method: "PATCH",
      path: "/http-tools/{name}",
      operationId: "changeHttpTool",
      tag,
      summary: "Changes what is named. Another origin needs the headers again; a changed call needs new approvals",
      action: "servers.write",
      refuses: ["server-unusable"],
      params,
      body: httpToolPatchSchema,
      response: view,
      versioned: true,
      handle: async ({ staff, params: { name }, body, ifVersion }) => answer(await httpTools.update(staff, name, body, ifVersion!)),
    }),
    route({
      method: "DELETE",
      path: "/http-tools/{name}",
      operationId: "removeHttpTool",
      tag,
      summary: "Removes an HTTP tool, for running conversations too",
      action: "servers.write",
      params,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { name }, ifVersion }) => {
        await httpTools.remove(staff, name, ifVersion!);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/http-tools/{name}/test",
      operationId: "testHttpTool",
      tag,
      summary: "Calls the tool for real, with these arguments; recorded as a test by this person",
      action: "servers.test",
      refuses: ["server-unusable", "rate-limited"],
      params,
      body: z.strictObject({ arguments: z.record(z.string(), z.unknown()).default({}) }),
      response: httpToolTestSchema.meta({ id: "HttpToolTest" }),
      handle: async ({ staff, params: { name }, body, signal }) => {
        await countTry(staff, name);
        return { body: await httpTools.test(staff, name, body.arguments, signal) };
      },
    }),
    route({
      method: "POST",
      path: "/http-tools/{name}/try",
      operationId: "tryHttpTool",
      tag,
      summary: "Calls the tool for real, and shows the result, the times, and the request and answer as they were",
      action: "servers.test",
      refuses: ["server-unusable", "rate-limited"],
      params,
      body: z.strictObject({
        arguments: z.record(z.string(), z.unknown()).default({}).describe("Leave out what is optional and not meant."),
      }),
      response: httpToolTrialSchema.meta({ id: "HttpToolTrial" }),
      handle: async ({ staff, params: { name }, body, signal }) => {
        await countTry(staff, name);
        return { body: await httpTools.try(staff, name, body.arguments, signal) };
      },
    }),
  ];
}

function answer({ value, version }: VersionedHttpTool): ApiAnswer<VersionedHttpTool["value"]> {
  return { body: value, version };
}
