import { showPath } from "./describe-value.ts";
import { type Fault, fault, valueAt } from "./faults.ts";
import type { Path } from "./substitute.ts";

/** What the file called fields of an MCP server before it took the API's names. */
const OLD_SERVER_NAMES: readonly (readonly [Path, Path])[] = [
  [["timeoutMs"], ["callTimeoutMs"]],
  [
    ["auth", "type"],
    ["auth", "kind"],
  ],
  ...["grant", "clientId", "clientSecret", "scope", "redirectUrl"].map(
    (name) =>
      [
        ["auth", name],
        ["auth", "oauth", name],
      ] as const,
  ),
];

export interface Renamed {
  /** The file with the new names only. */
  readonly file: unknown;
  /** Where one thing is given under both names. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
  /** Where people find in their own file what is at this place of `file`. */
  readonly writtenAt: (path: Path) => Path;
}

/** Puts new names in place of old ones. What does not look like a server is left to the schema. */
export function renamed(json: unknown): Renamed {
  const servers = Object.keys(asObject(valueAt(json, ["mcpServers"])) ?? {});
  const places = servers.flatMap((key) =>
    OLD_SERVER_NAMES.map(([from, to]) => ({ from: ["mcpServers", key, ...from], to: ["mcpServers", key, ...to] })),
  );
  const found = places.filter(({ from }) => valueAt(json, from) !== undefined);
  if (found.length === 0) return { file: json, faults: [], warnings: [], writtenAt: (path) => path };

  const file: unknown = structuredClone(json);
  const twice = found.filter(({ to }) => valueAt(json, to) !== undefined);
  for (const move of found) {
    const value = removeAt(file, move.from);
    if (!twice.includes(move)) setAt(file, move.to, value);
  }
  const moved = found.filter((move) => !twice.includes(move));
  const written = new Map(moved.map(({ from, to }) => [JSON.stringify(to), from]));
  return {
    file,
    faults: twice.map(({ from, to }) => fault(from, "an old name beside the new one", `${showPath(to)} alone`)),
    warnings: moved.map(({ from, to }) => `${showPath(from)} is an old name. It is still read; write ${showPath(to)} instead.`),
    writtenAt: (path) => written.get(JSON.stringify(path)) ?? path,
  };
}

function removeAt(file: unknown, path: Path): unknown {
  const parent = asObject(valueAt(file, path.slice(0, -1)));
  const name = String(path.at(-1));
  const value = parent?.[name];
  if (parent !== undefined) delete parent[name];
  return value;
}

function setAt(file: unknown, path: Path, value: unknown): void {
  let parent = asObject(file);
  for (const step of path.slice(0, -1)) {
    if (parent === undefined) return;
    parent[String(step)] ??= {};
    parent = asObject(parent[String(step)]);
  }
  if (parent !== undefined) parent[String(path.at(-1))] = value;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
