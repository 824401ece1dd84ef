import type { ReactiveControllerHost } from "lit";
import { api, type Page } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { Resource } from "./resource.ts";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The most that the API gives at once. */
const LONGEST_PAGE = 200;
const FIRST_PAGE = 50;

interface Shown<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
  readonly version: string | undefined;
}

/** A list of the API, page by page as somebody scrolls. */
export class PagedList<Item> {
  readonly #resource: Resource<Shown<Item>>;
  readonly #from: () => { readonly path: string; readonly query?: Query };
  #isLoadingMore = false;

  constructor(
    host: ReactiveControllerHost,
    options: {
      /** Read with each load, so that it may change with the host's properties. */
      readonly from: () => { readonly path: string; readonly query?: Query };
      readonly everyMs?: number;
      /** While this is true, whoever changes it says so (`refresh`). */
      readonly isTold?: () => boolean;
    },
  ) {
    this.#from = options.from;
    this.#resource = new Resource(host, {
      load: (signal) => this.#first(signal),
      // Somebody who has scrolled further would lose their place.
      accept: () => this.#length <= LONGEST_PAGE,
      ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
      ...(options.isTold === undefined ? {} : { isTold: options.isTold }),
    });
  }

  get #length(): number {
    return this.value?.items.length ?? 0;
  }

  get state(): Resource<Shown<Item>>["state"] {
    return this.#resource.state;
  }

  get value(): Shown<Item> | undefined {
    return this.#resource.value;
  }

  /** Of the list as it was read, where it has one: for a change of many. */
  get version(): string | undefined {
    return this.value?.version;
  }

  async reload(): Promise<void> {
    await this.#resource.reload();
  }

  /** By itself: a fault is shown only when somebody asks for it. */
  async refresh(): Promise<void> {
    await this.#resource.refresh();
  }

  /** For another filter. */
  async restart(): Promise<void> {
    await this.#resource.restart();
  }

  /** Shows a change at once, before the server is asked again. */
  change(change: (items: readonly Item[]) => readonly Item[]): void {
    const shown = this.value;
    if (shown !== undefined) this.#resource.set({ ...shown, items: change(shown.items) });
  }

  /** The next page. One that was refused is said above the list, and not asked for again before the list is. */
  async more(): Promise<void> {
    const shown = this.value;
    if (shown?.next === undefined || this.#isLoadingMore || this.#resource.problem !== undefined) return;
    this.#isLoadingMore = true;
    try {
      const { path, query } = this.#from();
      const { body } = await api.get<Page<Item>>(path, { query: { ...query, limit: LONGEST_PAGE, cursor: shown.next } });
      if (this.value === shown) this.#resource.set({ ...shown, items: [...shown.items, ...body.items], next: body.next });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#resource.blame(error);
    } finally {
      this.#isLoadingMore = false;
    }
  }

  async #first(signal: AbortSignal): Promise<Shown<Item>> {
    const { path, query } = this.#from();
    // As many as are shown, as far as the API gives them at once.
    const limit = Math.min(LONGEST_PAGE, Math.max(FIRST_PAGE, this.#length));
    const { body, version } = await api.get<Page<Item>>(path, { query: { ...query, limit }, signal });
    return { items: body.items, next: body.next, version };
  }
}
