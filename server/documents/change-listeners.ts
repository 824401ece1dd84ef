import type { Log } from "../foundation/log.ts";
import type { ChangedDocuments, ChangeListener, DocumentChange, DocumentKind } from "./ports.ts";

/** `onChange` for every maker of `DocumentStore`. */
export class ChangeListeners {
  readonly #log: Pick<Log, "error"> | undefined;
  readonly #listening = new Set<{ readonly kinds: ReadonlySet<DocumentKind>; readonly listener: ChangeListener }>();

  constructor(log: Pick<Log, "error"> | undefined) {
    this.#log = log;
  }

  add(kinds: readonly DocumentKind[], listener: ChangeListener): () => void {
    const one = { kinds: new Set(kinds), listener };
    this.#listening.add(one);
    return () => void this.#listening.delete(one);
  }

  /** Resolves when every listener has followed the change or has failed to. */
  async tell(changed: readonly ChangedDocuments[]): Promise<void> {
    const following: Promise<void>[] = [];
    for (const { kinds, listener } of this.#listening) {
      const concerning = changed.filter(({ kind }) => kinds.has(kind));
      if (concerning.length > 0) following.push(this.#call(listener, concerning));
    }
    await Promise.all(following);
  }

  async #call(listener: ChangeListener, changed: readonly ChangedDocuments[]): Promise<void> {
    try {
      await listener(changed);
    } catch (error) {
      const kinds = [...new Set(changed.map(({ kind }) => kind))];
      this.#log?.error(
        { error: String(error), kinds },
        "Documents were written, but what depends on them could not be read again. It may be out of date until the next change.",
      );
    }
  }
}

/** The documents that a write touches. */
export function touchedBy(changes: readonly DocumentChange[]): readonly ChangedDocuments[] {
  return changes.map((change) =>
    change.do === "delete-children" ? { kind: change.kind, parent: change.parent } : { kind: change.kind, id: change.id },
  );
}
