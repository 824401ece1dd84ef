import { everyDocument } from "../documents/every-document.ts";
import type { ChangedDocuments, DocumentStore } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";
import { Newcomers } from "./newcomers.ts";
import { PageLists } from "./page-list.ts";
import { pageOriginOf } from "./page-origin.ts";
import type { Occurrence } from "./recent-pages.ts";

/** Where a request comes from. */
export interface Visit {
  /** The `Origin` header, or the `Referer` of a script. */
  readonly page: string | undefined;
  /** Only counted, for an hour, and never kept. */
  readonly network: string;
}

export interface SeenPage extends Occurrence {
  readonly origin: string;
}

export interface AskedPage extends SeenPage {
  /** The key that the page asked for. */
  readonly asked: string;
}

/** What is known of one assistant's pages. */
export interface AssistantPages {
  /** Opened a line to it. */
  readonly seen: readonly SeenPage[];
  /** Are not among its allowed origins. */
  readonly refused: readonly SeenPage[];
}

/** What is known of pages whose assistant is not known. */
export interface StrayPages {
  /** No assistant allows their origin, so they were turned away before they said which one they want. */
  readonly refused: readonly SeenPage[];
  /** Asked for an assistant that does not exist. */
  readonly unknown: readonly AskedPage[];
  /** Loaded the script and never opened a line. */
  readonly scriptOnly: readonly SeenPage[];
}

const MOST_OF_ASSISTANT = { seen: 200, refused: 50, tools: 100 } as const;
const MOST_STRAYS = { refused: 50, unknown: 50, scriptOnly: 100 } as const;
/** No assistant's key has this character. */
const SERVER = "/server";
const LONGEST_KEY = 63;

/**
 * Which pages came and which were turned away, as the traffic shows it: origins and times only. Everything is noted in
 * memory, costs a look at a map, and nobody waits for it. `flush` writes now and then: at most one document for each
 * assistant, and one for the server. Each list has a length, and each network brings a few new pages an hour.
 */
export class Sightings {
  readonly #documents: Pick<DocumentStore, "get" | "list" | "write" | "onChange">;
  readonly #clock: Pick<Clock, "now">;
  readonly #assistants = new Map<string, PageLists<keyof typeof MOST_OF_ASSISTANT>>();
  readonly #newcomers = new Newcomers();
  #strays = new PageLists(SERVER, MOST_STRAYS);

  constructor(ports: {
    readonly documents: Pick<DocumentStore, "get" | "list" | "write" | "onChange">;
    readonly clock: Pick<Clock, "now">;
  }) {
    this.#documents = ports.documents;
    this.#clock = ports.clock;
    ports.documents.onChange(["assistant"], (changed) => this.#forgetDeleted(changed));
  }

  async load(): Promise<void> {
    for (const { id, body } of await everyDocument(this.#documents, "sighting", { now: this.#clock.now() })) {
      if (id === SERVER) this.#strays = new PageLists(SERVER, MOST_STRAYS, body);
      else this.#assistants.set(id, new PageLists(id, MOST_OF_ASSISTANT, body));
    }
  }

  // ─── What happens ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A page opened a line to an assistant that exists. */
  seen(assistant: string, visit: Visit): void {
    const origin = pageOriginOf(visit.page);
    if (origin === undefined) return;
    const lists = this.#of(assistant);
    // What was wrong with it was put right.
    lists.forget("refused", origin);
    this.#strays.forget("refused", origin);
    this.#strays.forget("scriptOnly", origin);
    this.#note(lists, "seen", { name: origin, network: visit.network });
  }

  /** A page of an assistant that exists offers tools of these names. */
  offered(assistant: string, tools: readonly string[]): void {
    const now = this.#clock.now();
    for (const tool of tools) this.#of(assistant).note("tools", tool, now);
  }

  /** An assistant that exists does not allow this page. */
  refused(assistant: string, visit: Visit): void {
    const origin = pageOriginOf(visit.page);
    if (origin !== undefined) this.#note(this.#of(assistant), "refused", { name: origin, network: visit.network });
  }

  /** No assistant allows this page. */
  refusedByAll(visit: Visit): void {
    const origin = pageOriginOf(visit.page);
    if (origin !== undefined) this.#note(this.#strays, "refused", { name: origin, network: visit.network });
  }

  /** A page asked for an assistant that does not exist. */
  askedForUnknown(asked: string, visit: Visit): void {
    const origin = pageOriginOf(visit.page);
    const key = asked.slice(0, LONGEST_KEY).replaceAll(/[^\p{L}\p{N}_.-]/gu, "·");
    if (origin !== undefined && key !== "") this.#note(this.#strays, "unknown", { name: `${key} ${origin}`, network: visit.network });
  }

  /** A page loaded the script. It says nothing about which assistant it is for. */
  scriptLoaded(visit: Visit): void {
    const origin = pageOriginOf(visit.page);
    if (origin === undefined) return;
    for (const lists of this.#assistants.values()) if (lists.has("seen", origin)) return;
    this.#note(this.#strays, "scriptOnly", { name: origin, network: visit.network });
  }

  // ─── What is known ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The pages of an assistant, those of the latest first. */
  of(assistant: string): AssistantPages {
    const lists = this.#assistants.get(assistant);
    return { seen: pagesOf(lists?.all("seen")), refused: pagesOf(lists?.all("refused")) };
  }

  /** The tools that its pages offered, the newest of them, by name. */
  toolsOf(assistant: string): readonly string[] {
    const tools = this.#assistants.get(assistant)?.all("tools") ?? [];
    return tools.map(([name]) => name).toSorted();
  }

  strays(): StrayPages {
    return {
      refused: pagesOf(this.#strays.all("refused")),
      unknown: pagesOf(this.#strays.all("unknown")).map(({ origin: name, ...page }) => {
        const space = name.indexOf(" ");
        return { ...page, asked: name.slice(0, space), origin: name.slice(space + 1) };
      }),
      scriptOnly: pagesOf(this.#strays.all("scriptOnly")),
    };
  }

  /** Writes what has to be kept; `last`: all that is not written yet. */
  async flush(last = false): Promise<void> {
    const now = this.#clock.now();
    const due = [this.#strays, ...this.#assistants.values()].map((lists) => ({ lists, changes: lists.changes(now, last) }));
    const changed = due.filter(({ changes }) => changes.length > 0);
    if (changed.length === 0) return;
    for (const { lists } of changed) lists.writing(now);
    try {
      await this.#documents.write(
        changed.flatMap(({ changes }) => changes),
        { at: now },
      );
    } catch (error) {
      for (const { lists } of changed) lists.notWritten();
      throw error;
    }
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #of(assistant: string): PageLists<keyof typeof MOST_OF_ASSISTANT> {
    const lists = this.#assistants.get(assistant) ?? new PageLists(assistant, MOST_OF_ASSISTANT);
    this.#assistants.set(assistant, lists);
    return lists;
  }

  #note<Name extends string>(lists: PageLists<Name>, list: Name, { name, network }: { name: string; network: string }): void {
    const now = this.#clock.now();
    if (lists.has(list, name) || this.#newcomers.admit(network, now)) lists.note(list, name, now);
  }

  async #forgetDeleted(changed: readonly ChangedDocuments[]): Promise<void> {
    for (const { id } of changed) {
      if (id === undefined || !this.#assistants.has(id)) continue;
      if ((await this.#documents.get("assistant", id, this.#clock.now())) === undefined) this.#assistants.delete(id);
    }
  }
}

function pagesOf(pages: readonly (readonly [name: string, occurrence: Occurrence])[] = []): SeenPage[] {
  return pages.map(([origin, occurrence]) => ({ origin, ...occurrence })).toReversed();
}
