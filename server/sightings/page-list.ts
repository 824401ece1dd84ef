import * as z from "zod";
import type { DocumentChange } from "../documents/ports.ts";
import { type Occurrence, RecentPages } from "./recent-pages.ts";

const occurrences = z.array(z.tuple([z.string(), z.object({ first: z.number(), last: z.number(), times: z.number() })]));

/** How exact it is kept in the database when a known page came last; in memory it is exact. */
const NOTED_MS = 5 * 60_000;

/** Some lists of pages that are one document: those of an assistant, or of the whole server. */
export class PageLists<Name extends string> {
  readonly #id: string;
  readonly #lists: Readonly<Record<Name, RecentPages>>;
  #isChanged = false;
  #hasNews = false;
  #writtenAt = 0;

  constructor(id: string, most: Readonly<Record<Name, number>>, body?: unknown) {
    this.#id = id;
    const kept = z.record(z.string(), occurrences).safeParse(body).data ?? {};
    const lists = (Object.entries(most) as [Name, number][]).map(([name, length]) => [name, new RecentPages(length, kept[name])] as const);
    this.#lists = Object.fromEntries(lists) as Record<Name, RecentPages>;
  }

  has(list: Name, page: string): boolean {
    return this.#lists[list].has(page);
  }

  all(list: Name): [page: string, occurrence: Occurrence][] {
    return this.#lists[list].all();
  }

  note(list: Name, page: string, now: number): void {
    if (!this.has(list, page)) this.#hasNews = true;
    this.#isChanged = true;
    this.#lists[list].note(page, now);
  }

  forget(list: Name, page: string): void {
    if (this.#lists[list].forget(page)) this.#isChanged = true;
  }

  /** What has to be written now, if anything: what is new at once, anything else now and then; `last`: all of it. */
  changes(now: number, last: boolean): DocumentChange[] {
    if (!this.#isChanged || !(last || this.#hasNews || now - this.#writtenAt >= NOTED_MS)) return [];
    const body = Object.fromEntries((Object.entries(this.#lists) as [Name, RecentPages][]).map(([name, list]) => [name, list.all()]));
    return [{ do: "replace", kind: "sighting", id: this.#id, orCreate: true, body }];
  }

  /** That is being written. */
  writing(now: number): void {
    this.#isChanged = false;
    this.#hasNews = false;
    this.#writtenAt = now;
  }

  /** It could not be written: the next time then. */
  notWritten(): void {
    this.#isChanged = true;
    this.#hasNews = true;
  }
}
