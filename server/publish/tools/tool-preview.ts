import type { PublishedServer } from "../../setup/published-servers/live-published.ts";
import { serverOf } from "../calls/published-assistant.ts";
import type { PublishedTools } from "./toolboxes.ts";
import type { ToolDefinition } from "./tool-definition.ts";

/**
 * Why clients do not see a tool. `not-permitted`: the server's owner may not use its source. `unreachable`: its source
 * cannot be used; `cause` says why. `not-there`: its source does not offer it, or what it offers was not accepted.
 */
export type UnseenReason = "inactive" | "not-permitted" | "unreachable" | "not-there";

type Tool = PublishedServer["tools"][number];

/** A tool of a published server, as clients see it or do not. */
export interface PreviewedTool extends Pick<Tool, "source" | "server" | "name" | "publishedName"> {
  readonly definition?: ToolDefinition;
  /** Whether a person is asked before each call, whatever its permission says: nobody has accepted the tool yet. */
  readonly alwaysAsks?: true;
  readonly unseen?: { readonly reason: UnseenReason; readonly cause?: string };
}

/** Each tool of a published server, in its order. `offered`: those that are active and permitted. */
export function previewed(server: PublishedServer, offered: readonly Tool[], now: PublishedTools): readonly PreviewedTool[] {
  return server.tools.map((tool) => {
    const { source, name, publishedName } = tool;
    const place = { source, name, publishedName, ...(tool.server === undefined ? {} : { server: tool.server }) };
    const found = now.byName.get(publishedName);
    if (found !== undefined)
      return { ...place, definition: found.definition, ...(found.tool?.alwaysAsks === true ? { alwaysAsks: true as const } : {}) };
    return { ...place, unseen: unseen(tool, offered, now) };
  });
}

function unseen(tool: Tool, offered: readonly Tool[], { unavailable }: PublishedTools): NonNullable<PreviewedTool["unseen"]> {
  if (!tool.active) return { reason: "inactive" };
  if (!offered.includes(tool)) return { reason: "not-permitted" };
  const cause = unavailable.get(serverOf(tool) ?? "");
  return cause === undefined ? { reason: "not-there" } : { reason: "unreachable", cause };
}
