import * as z from "zod";
import { type Action, ACTIONS, mayDo, ROLES } from "../../../identity/staff/actions.ts";
import { type Route, route } from "../route.ts";

const actions = Object.keys(ACTIONS) as [Action, ...Action[]];
export const roleSchema = z.enum(ROLES);
export const actionSchema = z.enum(actions);

/** Who asks, and what they may. */
export function selfRoutes(): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/me",
      operationId: "readSelf",
      tag: "Self",
      summary: "Who is signed in, or whose key this is",
      action: "self.read",
      response: z.object({
        kind: z.enum(["person", "key"]),
        id: z.string(),
        name: z.string(),
        roles: z.array(roleSchema),
        groups: z.array(z.string()).describe("Ids of the groups they are in."),
        actions: z.array(actionSchema).describe("All that they may try."),
      }),
      handle: async ({ staff }) => {
        const { kind, id, name, roles, groups } = staff;
        return {
          body: { kind, id, name, roles: [...roles], groups: [...groups], actions: actions.filter((action) => mayDo(staff, action)) },
        };
      },
    }),
  ];
}
