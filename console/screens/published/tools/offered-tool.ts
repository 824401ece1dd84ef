import type { CreatePublishedServerBody, PreviewedPublishedTool, PublishedServer } from "../../../api/types.ts";
import { router } from "../../../foundation/router.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { offeredWords } from "./offered-words.ts";

/** A tool as it is sent; the server fills in the rest. */
export type OfferedTool = NonNullable<CreatePublishedServerBody["tools"]>[number];

/** What tells tools of one published server from each other. */
export function placeOf({ source, server = "", name }: Pick<OfferedTool, "source" | "server" | "name">): string {
  return `${source}/${server}/${name}`;
}

/** The tools as they are kept. Their names go with them, so that no other tool takes one that clients know. */
export function settingsOf({ tools, name, callsPerMinute }: PublishedServer): OfferedForm {
  return { name, callsPerMinute, tools };
}

export interface OfferedForm {
  readonly name: string;
  readonly callsPerMinute: number;
  readonly tools: readonly OfferedTool[];
}

/** What people call it here. */
export function toolSaid({ source, server = "", name, publishedName }: OfferedTool): string {
  return hiddenShown(publishedName ?? (source === "assistant" ? `ask_assistant · ${server}` : name));
}

export function sourceSaid({ source, server }: Pick<OfferedTool, "source" | "server">): string {
  const word = offeredWords.source[source];
  return server === undefined ? word : offeredWords.of(word, hiddenShown(server));
}

/** Where a tool is set up. */
export function sourceHref({ source, server = "", name }: Pick<PreviewedPublishedTool, "source" | "server" | "name">): string {
  switch (source) {
    case "http":
      return router.href(`/tools/http-tools/${encodeURIComponent(name)}`);
    case "mcp":
      return router.href(`/tools/mcp-servers/${encodeURIComponent(server)}`);
    case "device":
      return router.href(`/assistants/${encodeURIComponent(server)}/devices`);
    case "assistant":
      return router.href(`/assistants/${encodeURIComponent(server)}`);
  }
}
