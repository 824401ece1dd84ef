import * as z from "zod";
import type { ServerAccess } from "./server-access.ts";
import type { ListedServer } from "./server-directory.ts";
import { serverViewSchema, type ServerView } from "./server-view.ts";
import { readDefinition } from "../../tools/definitions/tool-definition.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { shownServer, type ShownServersPorts } from "./shown-servers.ts";
import { stateOf, type ToolPin } from "./tool-pin.ts";

const FIRST_TOOLS = 8;

/** A server as a card of a list shows it: nothing else has to be asked for it. */
export const serverCardSchema = serverViewSchema.extend({
  icon: z
    .string()
    .optional()
    .describe(
      "The picture that was chosen for it, or else a data: address of the one that it gives of itself. Absent: draw its first letter.",
    ),
  mayManage: z.boolean().describe("Whether you may change and share it."),
  shares: z.object({ people: z.int(), groups: z.int() }).describe("How many it is shared with by name, besides access."),
  firstTools: z
    .array(z.object({ name: z.string(), title: z.string(), enabled: z.boolean() }))
    .describe(`The first ${FIRST_TOOLS} by name; tools.total says how many there are.`),
  firstWaiting: z
    .array(z.object({ name: z.string(), state: z.enum(["changed", "new"]) }))
    .describe(`The first ${FIRST_TOOLS} tools by name that wait until somebody has looked at them.`),
  declared: z
    .object({
      file: z.string().optional().describe("The path of the configuration file, for admins."),
      path: z.string().describe("Where in it, such as mcpServers.orders."),
    })
    .optional()
    .describe("Of a server of the configuration file."),
});
export type ServerCard = z.output<typeof serverCardSchema>;

export interface ServerCardPorts extends ShownServersPorts {
  readonly access: ServerAccess;
  /** The configuration file, if there is one. */
  readonly configPath?: string | undefined;
}

/** For a person who may use the server. */
export async function serverCard(ports: ServerCardPorts, staff: Staff, server: ListedServer): Promise<ServerCard> {
  const { access, pins, configPath } = ports;
  const { key, source } = server;
  const shown: ServerView = shownServer(ports, server);
  const { about, ...status } = shown.status;
  const { icon, ...said } = about ?? {};
  return {
    ...shown,
    // A picture is long: once is enough.
    status: { ...status, ...(about === undefined ? {} : { about: { ...said, name: about.name } }) },
    ...(icon === undefined || shown.icon !== undefined ? {} : { icon }),
    mayManage: await access.allows(staff, key, "manage"),
    shares: await access.shareCounts(key),
    firstTools: firstTools(pins.of(key)),
    firstWaiting: firstWaiting(pins.of(key)),
    ...(source === "file" && configPath !== undefined ? { declared: { path: `mcpServers.${key}`, ...fileFor(staff, configPath) } } : {}),
  };
}

/** Where files are on the server is of use to those alone who run it. */
function fileFor({ roles }: Staff, file: string): { readonly file?: string } {
  return roles.includes("admin") ? { file } : {};
}

function firstWaiting(pins: ReadonlyMap<string, ToolPin>): ServerCard["firstWaiting"] {
  return [...pins]
    .flatMap(([name, pin]) => {
      const state = stateOf(pin);
      return state === "changed" || state === "new" ? [{ name, state }] : [];
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .slice(0, FIRST_TOOLS);
}

function firstTools(pins: ReadonlyMap<string, ToolPin>): ServerCard["firstTools"] {
  const names = [...pins].flatMap(([name, { gone }]) => (gone ? [] : [name]));
  return names
    .toSorted()
    .slice(0, FIRST_TOOLS)
    .flatMap((name) => {
      const pin = pins.get(name);
      if (pin === undefined) return [];
      const read = readDefinition(pin.accepted.said);
      return [{ name, title: (typeof read === "string" ? undefined : read.title) ?? name, enabled: pin.enabled }];
    });
}
