import * as z from "zod";
import type { Staff } from "../../identity/staff/actions.ts";
import { toolNames } from "../../tools/definitions/tool-name.ts";
import type { ServerAccess } from "./server-access.ts";
import type { RegisteredServers } from "./server-directory.ts";
import type { TOOL_STATES } from "./tool-pin.ts";
import { toolView, toolViewSchema, type ToolView } from "./tool-view.ts";
import type { ToolPins } from "./tool-pins.ts";

const DESCRIPTION_CHARACTERS = 300;

/** A tool as one row of a long list: without its schemas. */
export const toolRowSchema = toolViewSchema
  .pick({ name: true, modelName: true, title: true, enabled: true, state: true, offered: true })
  .extend({
    server: z.string().describe("The identifier of its server."),
    serverName: z.string(),
    description: z.string().describe(`Its first ${DESCRIPTION_CHARACTERS} characters.`),
    readOnly: z.boolean().optional(),
    destructive: z.boolean().optional(),
    parameters: z.int().describe("How many arguments it takes."),
  });
export type ToolRow = z.output<typeof toolRowSchema>;

export interface ToolRowsPorts {
  readonly directory: RegisteredServers;
  readonly access: ServerAccess;
  readonly pins: ToolPins;
}

export interface ToolsPage {
  readonly limit: number;
  /** The `place` of the last row before. */
  readonly after?: string;
  readonly q?: string;
  readonly state?: (typeof TOOL_STATES)[number] | undefined;
  readonly server?: string | undefined;
}

/** Lists of tools, page by page: only what a page shows is made. */
export class ToolRows {
  readonly #ports: ToolRowsPorts;

  constructor(ports: ToolRowsPorts) {
    this.#ports = ports;
  }

  /** The tools of all servers that this person may use, by server and name. */
  async all(staff: Staff, { limit, after, q, state, server }: ToolsPage): Promise<readonly ToolRow[]> {
    const { directory, access } = this.#ports;
    const [afterServer = "", afterTool = ""] = after === undefined ? [] : placeOf(after);
    const rows: ToolRow[] = [];
    for (const listed of directory.all()) {
      const { key } = listed;
      if (rows.length >= limit) break;
      if (key < afterServer || (server !== undefined && key !== server) || !(await access.allows(staff, key, "use"))) continue;
      const serverName = listed.source === "file" ? listed.entry.settings.name : listed.record.name;
      const page = { limit: limit - rows.length, ...(key === afterServer ? { after: afterTool } : {}), q, state };
      for (const view of this.#views(key, page)) rows.push(rowOf(view, { server: key, serverName }));
    }
    return rows;
  }

  /** Those of one server, whole. Throws `not-found`. */
  async ofServer(staff: Staff, key: string, page: ToolsPage): Promise<readonly ToolView[]> {
    await this.#ports.access.usable(staff, key);
    return this.#views(key, page);
  }

  #views(key: string, { limit, after, q = "", state }: Omit<ToolsPage, "q"> & { readonly q?: string | undefined }): readonly ToolView[] {
    const { pins } = this.#ports;
    const [pinned, proposed] = [pins.of(key), pins.proposed(key)];
    const names = [...new Set([...pinned.keys(), ...proposed.keys()])].toSorted();
    const modelNames = toolNames(key, names);
    const views: ToolView[] = [];
    for (const [index, name] of names.entries()) {
      if (views.length >= limit) break;
      if (after !== undefined && name <= after) continue;
      const pin = pinned.get(name);
      const titled = pin?.accepted.said.title ?? "";
      if (q !== "" && !`${name}\n${modelNames[index] ?? ""}\n${titled}`.toLowerCase().includes(q.toLowerCase())) continue;
      const view = toolView(name, modelNames[index] ?? name, { pin, proposal: proposed.get(name) });
      if (state === undefined || view.state === state) views.push(view);
    }
    return views;
  }
}

/** Where a row stands: what a page's cursor carries. */
export function placeOfRow({ server, name }: Pick<ToolRow, "server" | "name">): string {
  return `${server}/${name}`;
}

function placeOf(place: string): readonly [string, string] {
  const at = place.indexOf("/");
  return at === -1 ? [place, ""] : [place.slice(0, at), place.slice(at + 1)];
}

function rowOf(view: ToolView, of: Pick<ToolRow, "server" | "serverName">): ToolRow {
  const { name, modelName, title, enabled, state, offered, description, readOnly, destructive, parameters } = view;
  return {
    ...of,
    name,
    modelName,
    title,
    description: description.slice(0, DESCRIPTION_CHARACTERS).toWellFormed(),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(destructive === undefined ? {} : { destructive }),
    enabled,
    state,
    offered,
    parameters: Object.keys((parameters["properties"] ?? {}) as object).length,
  };
}
