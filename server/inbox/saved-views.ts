import * as z from "zod";
import { RequestError } from "../../protocol/errors.ts";
import { everyDocument } from "../documents/every-document.ts";
import type { DocumentStore, StoredDocument } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";
import { InvalidError } from "../foundation/invalid-error.ts";

/** Who may have so many. */
export const MOST_SAVED_VIEWS = 50;

const viewBody = z.object({ name: z.string(), query: z.record(z.string(), z.string()) });

/** A view of the inbox that one member keeps for themselves: the query of the list, by its names. */
export interface SavedView {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface SavedViewsPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now" | "id">;
}

/** One's own views; nobody sees another's, so none of it is in the audit log. */
export class SavedViews {
  readonly #ports: SavedViewsPorts;

  constructor(ports: SavedViewsPorts) {
    this.#ports = ports;
  }

  /** By name. */
  async of(member: string): Promise<readonly SavedView[]> {
    const { documents, clock } = this.#ports;
    const found = await everyDocument(documents, "inbox-view", { parent: member, now: clock.now() });
    return found.map(viewOf).toSorted((left, right) => left.name.localeCompare(right.name) || (left.id < right.id ? -1 : 1));
  }

  /** Throws `not-found`. */
  async get(member: string, id: string): Promise<SavedView> {
    const found = await this.#ports.documents.get("inbox-view", `${member}/${id}`, this.#ports.clock.now());
    if (found === undefined) throw new RequestError("not-found", { detail: `You have no view ${id}.` });
    return viewOf(found);
  }

  async create(member: string, given: Pick<SavedView, "name" | "query">): Promise<SavedView> {
    const { documents, clock } = this.#ports;
    const own = await this.of(member);
    refuseTaken(own, given.name, undefined);
    if (own.length >= MOST_SAVED_VIEWS)
      throw new InvalidError([{ path: "", message: `You have ${MOST_SAVED_VIEWS} views, which is the most. Remove one first.` }]);
    const id = clock.id();
    await documents.write([{ do: "create", kind: "inbox-view", id: `${member}/${id}`, parent: member, body: given }], { at: clock.now() });
    return this.get(member, id);
  }

  async update(member: string, id: string, ifVersion: number, change: Partial<Pick<SavedView, "name" | "query">>): Promise<SavedView> {
    const { documents, clock } = this.#ports;
    const { name, query } = await this.get(member, id);
    const body = { name: change.name ?? name, query: change.query ?? query };
    refuseTaken(await this.of(member), body.name, id);
    await documents.write([{ do: "replace", kind: "inbox-view", id: `${member}/${id}`, parent: member, body, ifVersion }], {
      at: clock.now(),
    });
    return this.get(member, id);
  }

  async remove(member: string, id: string, ifVersion: number): Promise<void> {
    await this.get(member, id);
    await this.#ports.documents.write([{ do: "delete", kind: "inbox-view", id: `${member}/${id}`, ifVersion }], {
      at: this.#ports.clock.now(),
    });
  }
}

function refuseTaken(views: readonly SavedView[], name: string, except: string | undefined): void {
  if (views.some((view) => view.id !== except && view.name.toLowerCase() === name.toLowerCase()))
    throw new InvalidError([
      { path: "/name", message: "You have a view with this name already. Choose another name.", code: "name-taken" },
    ]);
}

function viewOf({ id, version, body }: StoredDocument): SavedView {
  return { id: id.slice(id.indexOf("/") + 1), version, ...viewBody.parse(body) };
}
