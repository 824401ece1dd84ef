import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import type { AuditDraft } from "../../documents/ports.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { toolNames } from "../../tools/definitions/tool-name.ts";
import type { ServerAccess } from "./server-access.ts";
import type { RegisteredServers } from "./server-directory.ts";
import type { TOOL_STATES } from "./tool-pin.ts";
import { toolView, toolViewSchema, type ToolView } from "./tool-view.ts";
import type { ToolPins } from "./tool-pins.ts";
import { toolsVersion } from "./tools-version.ts";

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
  readonly q?: string | undefined;
  readonly state?: (typeof TOOL_STATES)[number] | undefined;
  readonly server?: string | undefined;
}

/** The tools that are named, or else those that fit. */
export interface ManyTools extends Pick<ToolsPage, "q" | "state"> {
  readonly enabled: boolean;
  readonly tools?: readonly string[] | undefined;
}

interface TurnedTools {
  readonly changed: readonly string[];
  readonly version: number;
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

  /** The version of what is decided about the tools of one server; undefined: this person may not use it. */
  async version(staff: Staff, key: string): Promise<number | undefined> {
    const { access, pins } = this.#ports;
    return (await access.allows(staff, key, "use")) ? toolsVersion(pins.of(key), pins.proposed(key)) : undefined;
  }

  /** Turns those on or off that are named or fit. Throws `RequestError` `not-found`, `forbidden` or `version-changed`. */
  async enable(staff: Staff, key: string, { enabled, tools, q, state }: ManyTools, ifVersion: number | undefined): Promise<TurnedTools> {
    const { access, pins } = this.#ports;
    await access.manageable(staff, key);
    let changed: readonly string[] = [];
    await pins.enableMany(key, () => {
      if (ifVersion !== toolsVersion(pins.of(key), pins.proposed(key)))
        throw new RequestError("version-changed", { detail: `The tools of ${key} changed after they were shown. Read them again.` });
      const named = tools === undefined ? undefined : new Set(tools);
      changed = this.#views(key, { limit: Infinity, q, state })
        .filter((view) => view.enabled !== enabled && (named?.has(view.name) ?? true))
        .map(({ name }) => name);
      return { enabled, tools: changed, audit: turned(staff, key, { enabled, tools: changed }) };
    });
    return { changed, version: toolsVersion(pins.of(key), pins.proposed(key)) };
  }

  #views(key: string, { limit, after, q = "", state }: ToolsPage): readonly ToolView[] {
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

function turned(
  staff: Staff,
  server: string,
  { enabled, tools }: { readonly enabled: boolean; readonly tools: readonly string[] },
): AuditDraft {
  return {
    by: actorOf(staff),
    action: `server-tool.${enabled ? "enable" : "disable"}`,
    target: { kind: "mcp-server", id: server },
    before: { enabled: !enabled, tools },
    after: { enabled, tools },
  };
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
