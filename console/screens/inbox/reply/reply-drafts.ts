/** What somebody began to write: to the customer, or for the team. */
export type DraftKind = "reply" | "note";

export interface Draft {
  readonly text: string;
  /** The same for every try to send it, so that it is sent once. */
  readonly messageId: string;
}

const PREFIX = "frontdesk-draft";

/**
 * Drafts outlive everything that a page does: other conversations, other screens, a reload, and a session that ends.
 * They stay in this tab, and only whoever wrote one gets it back.
 */
export class ReplyDrafts {
  readonly #storage: Storage;

  constructor(storage: Storage = sessionStorage) {
    this.#storage = storage;
  }

  read(person: string, conversationId: string, kind: DraftKind): Draft {
    const stored = this.#storage.getItem(keyOf(person, conversationId, kind));
    const [messageId, ...text] = (stored ?? "").split("\n");
    return stored === null || messageId === undefined ? { text: "", messageId: newId() } : { messageId, text: text.join("\n") };
  }

  write(person: string, conversationId: string, kind: DraftKind, { text, messageId }: Draft): void {
    const key = keyOf(person, conversationId, kind);
    if (text.trim() === "") this.#storage.removeItem(key);
    // A tab's storage may be full: what is on the screen is there all the same.
    else attempt(() => this.#storage.setItem(key, `${messageId}\n${text}`));
  }

  forget(person: string, conversationId: string, kind: DraftKind): void {
    this.#storage.removeItem(keyOf(person, conversationId, kind));
  }
}

function keyOf(person: string, conversationId: string, kind: DraftKind): string {
  return [PREFIX, person, conversationId, kind].join("/");
}

/** `crypto.randomUUID` is there on secure pages only. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Nothing can be done.
  }
}
