import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { mayDo } from "./actions.ts";
import { personBody } from "./person-record.ts";

/** Somebody to whom a conversation can be given. */
export interface AssigneeChoice {
  readonly kind: "person" | "group";
  readonly id: string;
  readonly name: string;
}

/** Who may be given conversations: people who may answer in them, and groups. */
export class Assignees {
  readonly #documents: Pick<DocumentStore, "get" | "list">;
  readonly #clock: Pick<Clock, "now">;

  constructor(ports: { readonly documents: Pick<DocumentStore, "get" | "list">; readonly clock: Pick<Clock, "now"> }) {
    this.#documents = ports.documents;
    this.#clock = ports.clock;
  }

  /** What they are called; undefined: they are gone, or may not answer. */
  async nameOf({ kind, id }: Pick<AssigneeChoice, "kind" | "id">): Promise<string | undefined> {
    const found = await this.#documents.get(kind, id, this.#clock.now());
    if (found === undefined) return undefined;
    return kind === "group" ? groupName(found) : answeringName(found);
  }

  /** Groups first, then people, by name. `q`: part of it. */
  async list({ q, limit }: { readonly q?: string; readonly limit: number }): Promise<readonly AssigneeChoice[]> {
    const now = this.#clock.now();
    const words = q === undefined ? {} : { q };
    const groups = await this.#documents.list("group", { ...words, limit, now, by: "name" });
    const choices: AssigneeChoice[] = groups.map((group) => ({ kind: "group", id: group.id, name: groupName(group) }));
    const people =
      q === undefined
        ? await everyDocument(this.#documents, "person", { now })
        : await this.#documents.list("person", { q, limit, now, by: "name" });
    const answering = people
      .map((person): AssigneeChoice | undefined => {
        const name = answeringName(person);
        return name === undefined ? undefined : { kind: "person", id: person.id, name };
      })
      .filter((choice) => choice !== undefined)
      .toSorted((left, right) => left.name.localeCompare(right.name));
    return [...choices, ...answering].slice(0, limit);
  }
}

function groupName({ body }: StoredDocument): string {
  return (body as { readonly name: string }).name;
}

function answeringName({ id, body }: StoredDocument): string | undefined {
  const { name, roles, groups, disabled, joinedAt } = personBody.parse(body);
  if (disabled || joinedAt === undefined) return undefined;
  return mayDo({ kind: "person", id, name, roles, groups }, "conversations.write") ? name : undefined;
}
