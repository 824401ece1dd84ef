import { api, type Page } from "../api/client.ts";
import type { Conversation, WaitingApproval } from "../api/types.ts";
import { hasNotices, hasSound } from "../foundation/preferences.ts";
import { router } from "../foundation/router.ts";
import { may } from "../foundation/screen.ts";
import { words } from "../foundation/words.ts";
import { isOfApproval, isOfAsked } from "../line/inbox-news.ts";
import { line } from "../line/staff-line.ts";
import { isSoundBlocked, playChime, unlockSound } from "../parts/chime.ts";
import { showCount } from "./tab-count.ts";

const noticeWords = words(
  {
    approval: "A call waits for approval",
    person: "A customer asks for a person",
    blocked: "The browser plays no sound until you press something on this page.",
  },
  {
    approval: "Ein Aufruf wartet auf Freigabe",
    person: "Jemand möchte mit einer Person sprechen",
    blocked: "Der Browser spielt keinen Ton, bis Sie auf dieser Seite etwas drücken.",
  },
);

/** While no line says when something changes. */
const EVERY_MS = 20_000;
const MOST = 100;

/** One thing that waits, and the conversation that it is in. */
interface Waits {
  readonly id: string;
  readonly conversationId: string;
}

/** What waits of one kind, as the server last said it: nothing is counted here. */
class Waiting {
  readonly #read: () => Promise<readonly Waits[]>;
  readonly #told: (added: readonly Waits[]) => void;
  #ids: ReadonlySet<string> | undefined;
  #newest: symbol | undefined;

  constructor(read: () => Promise<readonly Waits[]>, told: (added: readonly Waits[]) => void) {
    this.#read = read;
    this.#told = told;
  }

  get count(): number {
    return this.#ids?.size ?? 0;
  }

  /** An answer that a newer one has overtaken does not count. */
  async read(): Promise<void> {
    const mine = Symbol("read");
    this.#newest = mine;
    let found: readonly Waits[];
    try {
      found = await this.#read();
    } catch {
      // The page says by itself that the server is not there.
      return;
    }
    if (this.#newest !== mine) return;
    const before = this.#ids;
    this.#ids = new Set(found.map(({ id }) => id));
    this.#told(before === undefined ? [] : found.filter(({ id }) => !before.has(id)));
  }
}

/**
 * What waits for the team: counted in the tab, and told by the browser and a sound where its user wants that. What waited
 * before the page was opened is counted and not told. Of several tabs one tells.
 */
class WaitingNotices extends EventTarget {
  readonly #approvals = new Waiting(readApprovals, (added) => {
    for (const { conversationId } of added)
      this.#tell(noticeWords.approval, `/inbox/${conversationId}`, `approval.requested ${conversationId}`);
    this.#changed();
  });
  readonly #asked = new Waiting(readAsked, (added) => {
    for (const { conversationId } of added) this.#tell(noticeWords.person, `/inbox/${conversationId}`, `person.asked ${conversationId}`);
    this.#changed();
  });
  #isTelling = false;

  start(): void {
    if (!may("approvals.decide")) return;
    this.#becomeTeller();
    this.#read();
    setInterval(() => {
      if (!line.isLive && !api.isSignedOut) this.#read();
    }, EVERY_MS);
    line.watchInbox((news) => {
      if ("all" in news) return this.#read();
      const what = news.changes.flatMap((change) => change.what);
      if (what.some((type) => isOfApproval(type) || type === "turn-ended")) void this.#approvals.read();
      if (what.some(isOfAsked)) void this.#asked.read();
    });
    // Sound needs a press of this page's user, whichever comes first.
    const press = (): void => {
      if (hasSound() && isSoundBlocked()) void unlockSound().then(() => this.#changed());
    };
    addEventListener("pointerdown", press);
    addEventListener("keydown", press);
    navigator.serviceWorker?.addEventListener("message", (event: MessageEvent<{ type?: unknown; path?: unknown }>) => {
      if (event.data.type === "go" && typeof event.data.path === "string") void router.go(event.data.path);
    });
    this.#changed();
  }

  /** How many calls wait for the team, as far as they are counted. */
  get approvals(): number {
    return this.#approvals.count;
  }

  /** How many customers wait for a person, as far as they are counted. */
  get people(): number {
    return this.#asked.count;
  }

  /** What to say of the sound; undefined: nothing is in its way. */
  get soundFault(): string | undefined {
    return hasSound() && isSoundBlocked() ? noticeWords.blocked : undefined;
  }

  #read(): void {
    void this.#approvals.read();
    void this.#asked.read();
  }

  #tell(title: string, path: string, tag: string): void {
    if (!this.#isTelling) return;
    if (hasSound()) playChime();
    if (!hasNotices() || document.visibilityState === "visible" || globalThis.Notification?.permission !== "granted") return;
    try {
      const shown = new Notification(title, { tag });
      shown.addEventListener("click", () => {
        shown.close();
        window.focus();
        void router.go(path);
      });
    } catch {
      // Browsers on phones show only what is pushed.
    }
  }

  /** The browser gives the lock to the next tab when this one is closed. */
  #becomeTeller(): void {
    const lead = async (): Promise<void> => {
      this.#isTelling = true;
      await new Promise<never>(() => undefined);
    };
    if (navigator.locks === undefined) this.#isTelling = true;
    else void navigator.locks.request("frontdesk.console.notices", lead).catch(() => undefined);
  }

  #changed(): void {
    showCount(this.#approvals.count + this.#asked.count);
    this.dispatchEvent(new Event("changed"));
  }
}

async function readApprovals(): Promise<readonly Waits[]> {
  const { body } = await api.get<Page<WaitingApproval>>("/approvals", { query: { approver: "staff", limit: MOST } });
  return body.items.map(({ approvalId, conversationId }) => ({ id: approvalId, conversationId }));
}

async function readAsked(): Promise<readonly Waits[]> {
  const { body } = await api.get<Page<Conversation>>("/conversations", { query: { view: "person", limit: MOST } });
  return body.items.map(({ id }) => ({ id, conversationId: id }));
}

export const waitingNotices = new WaitingNotices();
