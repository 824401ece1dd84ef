import type { ClientEvent } from "./client-events.ts";
import type { HeardOfItem } from "./spoken-answer.ts";
import { newItem, type WantedItem } from "./wanted-items.ts";

/** Something that the provider remembers of the call. */
export interface KnownItem {
  readonly kind: WantedItem["kind"];
  /** The provider's ids: an answer may be several of its items. */
  readonly ids: string[];
  /** What was said, or a result. Undefined: what the customer said is still being transcribed. */
  text: string | undefined;
  readonly callId?: string;
  /** What was heard of each of `ids` that was not heard whole. Undefined: the answer was not interrupted. */
  readonly heard?: () => readonly HeardOfItem[] | undefined;
  /** Nobody knows what the provider remembers of it. */
  spoilt?: true;
}

/**
 * What the provider remembers, in its order, and how it is brought in step with a prompt: what fits stays, since the
 * provider has it as audio; anything else is deleted, and what is missing is told as text.
 */
export class KnownItems {
  #items: KnownItem[] = [];

  /** `after`: the item before it. Null: it is the first; undefined, or not known: the last. */
  add(item: KnownItem, after?: string | null): void {
    const before = after === null ? 0 : this.#items.findIndex(({ ids }) => after !== undefined && ids.includes(after)) + 1;
    this.#items.splice(before > 0 || after === null ? before : this.#items.length, 0, item);
  }

  find(id: string): KnownItem | undefined {
    return this.#items.find(({ ids }) => ids.includes(id));
  }

  /** The provider says where an item is. */
  place(id: string, after: string | null | undefined): void {
    const item = this.find(id);
    if (item === undefined || item.ids[0] !== id || after === undefined) return;
    this.remove(id);
    this.add(item, after);
  }

  remove(id: string): void {
    this.#items = this.#items.filter(({ ids }) => !ids.includes(id));
  }

  /** Nobody knows what the provider remembers of it. */
  spoil(id: string): void {
    const item = this.find(id);
    if (item !== undefined) item.spoilt = true;
  }

  /** The provider has forgotten everything. */
  clear(): void {
    this.#items = [];
  }

  /**
   * What to say to the provider so that it remembers what is wanted and nothing else. What is still being transcribed
   * stays: the prompt will have it, or not, once its words are known.
   */
  bringInStep(wanted: readonly WantedItem[], newId: () => string): ClientEvent[] {
    const events: ClientEvent[] = [];
    const kept: KnownItem[] = [];
    let rest = this.#items;
    const forget = (items: readonly KnownItem[]): void => {
      for (const item of items) {
        if (isPending(item)) kept.push(item);
        else for (const id of item.ids) events.push({ type: "conversation.item.delete", item_id: id });
      }
    };
    for (const item of wanted) {
      const at = rest.findIndex((known) => fits(known, item));
      const known = rest[at];
      if (known !== undefined) {
        forget(rest.slice(0, at));
        rest = rest.slice(at + 1);
        kept.push(known);
        if (plain(known.text ?? "") !== plain("text" in item ? item.text : "")) events.push(...cutTo(item, known));
        continue;
      }
      const id = newId();
      const previous = kept.at(-1)?.ids.at(-1) ?? "root";
      events.push({ type: "conversation.item.create", item: newItem(id, item), previous_item_id: previous });
      kept.push({
        kind: item.kind,
        ids: [id],
        text: "text" in item ? item.text : undefined,
        ...("callId" in item ? { callId: item.callId } : {}),
      });
    }
    forget(rest);
    this.#items = kept;
    return events;
  }

  /** The ids of all that is not still being transcribed; undefined: nothing is. */
  withoutPending(): string[] | undefined {
    if (!this.#items.some(isPending)) return undefined;
    return this.#items.flatMap((item) => (isPending(item) ? [] : item.ids));
  }
}

function isPending({ kind, text }: KnownItem): boolean {
  return kind === "user" && text === undefined;
}

function fits(known: KnownItem, wanted: WantedItem): boolean {
  if (known.kind !== wanted.kind || known.spoilt === true) return false;
  if (wanted.kind === "call") return known.callId === wanted.callId;
  if (wanted.kind === "result") return known.callId === wanted.callId && known.text === wanted.text;
  const [had, has] = [plain(known.text ?? ""), plain(wanted.text)];
  return had === has || (had.startsWith(has) && known.heard?.() !== undefined);
}

/** The customer heard only the beginning of an answer, so the provider remembers no more of it. */
function cutTo(wanted: WantedItem, known: KnownItem): ClientEvent[] {
  if (wanted.kind !== "assistant") return [];
  known.text = wanted.text;
  return (known.heard?.() ?? []).map(({ itemId, endMs }) => {
    if (endMs !== undefined) return { type: "conversation.item.truncate", item_id: itemId, content_index: 0, audio_end_ms: endMs };
    known.ids.splice(known.ids.indexOf(itemId), 1);
    return { type: "conversation.item.delete", item_id: itemId };
  });
}

function plain(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
