import type { Route } from "./route.ts";

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a request. Of two paths that fit and have the method, the one with a word wins over the one with a
 * parameter in the first place where they differ.
 */
export class RouteTable {
  readonly #byShape = new Map<string, { readonly segments: readonly string[]; readonly routes: Map<string, Route> }>();
  readonly #sorted: readonly { readonly segments: readonly string[]; readonly routes: Map<string, Route> }[];

  /** Throws for two routes with the same method and path, or the same `operationId`. */
  constructor(routes: readonly Route[]) {
    const operations = new Set<string>();
    for (const route of routes) {
      const segments = route.path.split("/").slice(1);
      const shape = segments.map((segment) => (isParameter(segment) ? `{}${endingOf(segment)}` : segment)).join("/");
      const entry = this.#byShape.get(shape) ?? { segments, routes: new Map<string, Route>() };
      if (entry.routes.has(route.method)) throw new Error(`Two routes are at ${route.method} ${route.path}.`);
      if (operations.has(route.operationId)) throw new Error(`Two routes are named ${route.operationId}.`);
      operations.add(route.operationId);
      entry.routes.set(route.method, route);
      this.#byShape.set(shape, entry);
    }
    this.#sorted = [...this.#byShape.values()].sort((one, other) => compare(one.segments, other.segments));
  }

  /**
   * `path` below `/api/v1`, as it came. The methods that are possible instead where only the method does not fit;
   * undefined where nothing is.
   */
  find(method: string, path: string): FoundRoute | { readonly allow: readonly string[] } | undefined {
    const given = path.split("/").slice(1);
    const allow = new Set<string>();
    for (const { segments, routes } of this.#sorted) {
      if (segments.length !== given.length) continue;
      if (!segments.every((segment, index) => fits(segment, given[index] ?? ""))) continue;
      const route = routes.get(method === "HEAD" ? "GET" : method);
      if (route === undefined) {
        for (const other of [...routes.keys(), ...(routes.has("GET") ? ["HEAD"] : [])]) allow.add(other);
        continue;
      }
      const params = readParameters(route.path.split("/").slice(1), given);
      return params === undefined ? undefined : { route, params };
    }
    return allow.size === 0 ? undefined : { allow: [...allow].sort() };
  }
}

/** Undefined where a parameter is empty or has a broken %-escape: there is no such thing. */
function readParameters(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (!isParameter(segment)) continue;
    const ending = endingOf(segment);
    const value = decode((given[index] ?? "").slice(0, ending === "" ? undefined : -ending.length));
    if (value === undefined || value === "") return undefined;
    params[segment.slice(1, segment.indexOf("}"))] = value;
  }
  return params;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{");
}

/** What stands behind a parameter, such as the `.wav` of `{voiceCallId}.wav`. */
function endingOf(parameter: string): string {
  return parameter.slice(parameter.indexOf("}") + 1);
}

function fits(segment: string, given: string): boolean {
  return isParameter(segment) ? given.endsWith(endingOf(segment)) : segment === given;
}

function compare(one: readonly string[], other: readonly string[]): number {
  for (const [index, segment] of one.entries()) {
    const difference = Number(isParameter(segment)) - Number(isParameter(other[index] ?? ""));
    if (difference !== 0) return difference;
  }
  return 0;
}
