import { BASE_PATH } from "../api/base-path.ts";

/** Where the person is: the path below `/console`, beginning with `/`. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Without the `#`. */
  readonly hash: string;
}

/** Says whether the person may leave the screen; asks them where something is not saved. */
export type Guard = () => boolean | Promise<boolean>;

export const PLACE_CHANGED = "place-changed";
const ROOT = `${BASE_PATH}/console`;

/** Every screen has an address. Links are plain links; this keeps the page when one leads to another screen of it. */
class Router extends EventTarget {
  /** With the addresses that need no question: parts of the same screen. */
  #guards = new Map<Guard, (path: string) => boolean>();
  #index = Number((history.state as { index?: number } | null)?.index ?? 0);
  #place = read();
  /** A step back that a guard refused is undone by a step forward, which is none of the person's. */
  #isUndoing = false;
  readonly #scrolls = new Map<number, number>();

  constructor() {
    super();
    history.scrollRestoration = "manual";
    history.replaceState({ index: this.#index }, "");
    addEventListener("popstate", () => void this.#popped());
    addEventListener("click", (event) => this.#clicked(event));
    addEventListener("beforeunload", (event) => {
      if (this.#guards.size > 0) event.preventDefault();
    });
  }

  get place(): Place {
    return this.#place;
  }

  /** The address of a screen, for `href`. */
  href(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    const given = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]]));
    return `${ROOT}${path}${given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`}`;
  }

  /** Goes to a screen. False: the person wants to stay. */
  async go(
    path: string,
    { query, replace = false }: { query?: Readonly<Record<string, string | undefined>>; replace?: boolean } = {},
  ): Promise<boolean> {
    return this.#enter(this.href(path, query), replace);
  }

  /** Changes what the address says of this screen (a filter, a tab), without leaving it. */
  restate(query: Readonly<Record<string, string | undefined>>): void {
    history.replaceState(history.state, "", this.href(this.#place.path, query));
    this.#place = read();
    this.dispatchEvent(new CustomEvent(PLACE_CHANGED, { detail: { left: false } }));
  }

  /** As long as the guard is there, leaving asks it; paths that are inside are no leaving. */
  guard(guard: Guard, isInside: (path: string) => boolean = () => false): () => void {
    this.#guards.set(guard, isInside);
    return () => this.#guards.delete(guard);
  }

  /** Nobody is asked any more. */
  unguard(): void {
    this.#guards.clear();
  }

  /** Where the screen was scrolled to when the person left it for another, if they came back to it. */
  get keptScroll(): number {
    return this.#scrolls.get(this.#index) ?? 0;
  }

  async #enter(address: string, replace: boolean): Promise<boolean> {
    const target = new URL(address, location.href);
    if (target.pathname !== location.pathname && !(await this.#mayLeave(target.pathname))) return false;
    this.#scrolls.set(this.#index, scrollY);
    if (!replace) this.#index += 1;
    this.#scrolls.delete(this.#index);
    history[replace ? "replaceState" : "pushState"]({ index: this.#index }, "", address);
    this.#changed();
    return true;
  }

  async #popped(): Promise<void> {
    const index = Number((history.state as { index?: number } | null)?.index ?? 0);
    if (this.#isUndoing) {
      this.#isUndoing = false;
      return;
    }
    const steps = this.#index - index;
    const { pathname } = location;
    if (pathname !== `${ROOT}${this.#place.path}` && this.#guardsOf(pathname).length > 0) {
      this.#undo(steps);
      if (!(await this.#mayLeave(pathname))) return;
      this.#guards.clear();
      history.go(-steps);
      return;
    }
    this.#scrolls.set(this.#index, scrollY);
    this.#index = index;
    this.#changed();
  }

  #undo(steps: number): void {
    if (steps === 0) return;
    this.#isUndoing = true;
    history.go(steps);
  }

  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    if (link === undefined || link.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname !== ROOT && !link.pathname.startsWith(`${ROOT}/`)) return;
    if (link.hash !== "" && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    void this.#enter(link.href, link.href === location.href);
  }

  #guardsOf(pathname: string): readonly Guard[] {
    const path = pathname.slice(ROOT.length);
    return [...this.#guards].flatMap(([guard, isInside]) => (isInside(path) ? [] : [guard]));
  }

  async #mayLeave(pathname: string): Promise<boolean> {
    for (const guard of this.#guardsOf(pathname)) if (!(await guard())) return false;
    return true;
  }

  #changed(): void {
    const before = this.#place;
    this.#place = read();
    this.dispatchEvent(new CustomEvent(PLACE_CHANGED, { detail: { left: before.path !== this.#place.path } }));
  }
}

function read(): Place {
  const path = location.pathname.startsWith(ROOT) ? location.pathname.slice(ROOT.length) : "/";
  return { path: path === "" ? "/" : path, query: new URLSearchParams(location.search), hash: location.hash.slice(1) };
}

/** The parts of a path that fits a pattern such as `/assistants/:key`; undefined: it does not fit. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== value) return undefined;
      continue;
    }
    try {
      found[part.slice(1)] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return found;
}

export const router = new Router();
