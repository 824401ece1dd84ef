import * as z from "zod";
import type { Staff } from "../../../identity/staff/actions.ts";
import type { Session } from "../../../identity/staff/session-record.ts";
import type { Sessions } from "../../../identity/staff/sessions.ts";
import { page, pageOf, pageQuery, readTextCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface SessionsRoutesPorts {
  readonly sessions: Sessions;
}

const id = z.string().min(1).max(64);
const sessionSchema = z
  .object({
    id: z.string(),
    createdAt: z.number(),
    lastSeenAt: z.number().describe("Exact to five minutes."),
    expiresAt: z.number().optional(),
    browser: z.string().optional().describe("Such as `Firefox 152`."),
    system: z.string().optional().describe("Such as `Windows`."),
    current: z.boolean().describe("It is the one that asks."),
  })
  .meta({ id: "StaffSession" });
const endedSchema = z.object({ ended: z.int().describe("How many sessions ended.") });
type Query = Parameters<typeof page>[0];

/** Where people are signed in: one's own sessions, and for admins everybody's. */
export function sessionsRoutes({ sessions }: SessionsRoutesPorts): readonly Route[] {
  const list = async (staff: Staff, person: string, query: Query) => {
    const all = await sessions.of(person);
    const read = async (from: string | undefined, limit: number) =>
      all.filter((one) => from === undefined || placeOf(one) < from).slice(0, limit);
    const { items, ...rest } = await page(query, readTextCursor, read, placeOf);
    return { body: { items: items.map((one) => shown(one, staff)), ...rest } };
  };
  return [...ownRoutes(sessions, list), ...peoplesRoutes(sessions, list)];
}

type List = (staff: Staff, person: string, query: Query) => Promise<{ body: z.input<ReturnType<typeof pageOf<typeof sessionSchema>>> }>;

function ownRoutes(sessions: Sessions, list: List): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/me/sessions",
      operationId: "listOwnSessions",
      tag: "Self",
      summary: "Where one is signed in, newest first. A key has no sessions",
      action: "self.read",
      query: pageQuery,
      response: pageOf(sessionSchema),
      handle: async ({ staff, query }) => (staff.kind === "person" ? list(staff, staff.id, query) : { body: { items: [] } }),
    }),
    route({
      method: "DELETE",
      path: "/me/sessions",
      operationId: "endOwnSessions",
      tag: "Self",
      summary: "Signs out everywhere but here",
      action: "self.write",
      response: endedSchema,
      handle: async ({ staff }) => ({ body: { ended: staff.kind === "person" ? await sessions.endOthers(staff, staff.id) : 0 } }),
    }),
    route({
      method: "DELETE",
      path: "/me/sessions/{session}",
      operationId: "endOwnSession",
      tag: "Self",
      summary: "Ends one of one's own sessions",
      action: "self.write",
      params: z.object({ session: id }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params }) => {
        await sessions.end(staff, staff.id, params.session);
        return { body: null };
      },
    }),
  ];
}

function peoplesRoutes(sessions: Sessions, list: List): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/people/{id}/sessions",
      operationId: "listSessions",
      tag: "People",
      summary: "Where somebody is signed in, newest first",
      action: "people.read",
      params: z.object({ id }),
      query: pageQuery,
      response: pageOf(sessionSchema),
      handle: ({ staff, params, query }) => list(staff, params.id, query),
    }),
    route({
      method: "DELETE",
      path: "/people/{id}/sessions",
      operationId: "endSessions",
      tag: "People",
      summary: "Ends every session of somebody, but the one that asks",
      action: "people.write",
      params: z.object({ id }),
      response: endedSchema,
      handle: async ({ staff, params }) => {
        await sessions.of(params.id);
        return { body: { ended: await sessions.endOthers(staff, params.id) } };
      },
    }),
    route({
      method: "DELETE",
      path: "/people/{id}/sessions/{session}",
      operationId: "endSession",
      tag: "People",
      summary: "Ends one session of somebody",
      action: "people.write",
      params: z.object({ id, session: id }),
      response: z.null(),
      status: 204,
      handle: async ({ staff, params }) => {
        await sessions.end(staff, params.id, params.session);
        return { body: null };
      },
    }),
  ];
}

const AT_DIGITS = 16;

/** Sorts as the list does, backwards. */
function placeOf({ createdAt, id: session }: Session): string {
  return `${String(createdAt).padStart(AT_DIGITS, "0")}/${session}`;
}

function shown({ expiresAt, browser, system, ...session }: Session, staff: Staff): z.input<typeof sessionSchema> {
  return {
    ...session,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(browser === undefined ? {} : { browser }),
    ...(system === undefined ? {} : { system }),
    current: session.id === staff.session,
  };
}
