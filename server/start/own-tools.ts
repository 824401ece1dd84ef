import type { OwnServer, Tools } from "../conversation/ports/tools.ts";
import type { Entrance } from "../live/entrance.ts";
import type { Upgrades } from "../live/upgrades.ts";
import type { UsableTool } from "../setup/assistants/assistant-ports.ts";
import type { HttpToolRegistry } from "../setup/http-tools/http-tools.ts";
import type { Base } from "./open-base.ts";
import type { Part } from "./open-parts.ts";

/**
 * One of our own sources of tools. `close` ends what it holds even if no answer ever loaded it, such as open sockets.
 */
export interface OwnTools extends Pick<Part, "close"> {
  /** What owners may choose. */
  readonly usableTools: () => Promise<readonly UsableTool[]> | readonly UsableTool[];
  /** Runs with the first answer that needs tools. */
  readonly load: () => Promise<Tools>;
  /** Where its peers come in over a socket. */
  readonly entrance?: OwnEntrance;
}

interface OwnEntrance extends Entrance {
  readonly path: string;
}

type Needs = Pick<Base, "clock" | "log"> & { readonly fetch: typeof fetch; readonly httpTools: HttpToolRegistry };

/** Every source of tools that is ours, by its key. MCP servers are no part of it: staff set them up. */
export function openOwnTools({ fetch, clock, log, httpTools }: Needs): Readonly<Record<OwnServer, OwnTools>> {
  const { stored } = httpTools;
  return {
    http: {
      usableTools: () => stored.usableTools(),
      load: async () => (await import("../tools/http/http-tools.ts")).createHttpTools({ fetch, clock, log, definitions: stored }),
    },
  };
}

export function addEntrances(upgrades: Pick<Upgrades, "add">, sources: readonly OwnTools[]): void {
  for (const { entrance } of sources) if (entrance !== undefined) upgrades.add(entrance.path, entrance);
}
