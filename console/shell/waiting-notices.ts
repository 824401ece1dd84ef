import { api, type Page } from "../api/client.ts";
import type { WaitingApproval } from "../api/types.ts";
import { hasNotices, hasSound } from "../foundation/preferences.ts";
import { router } from "../foundation/router.ts";
import { may } from "../foundation/screen.ts";
import { words } from "../foundation/words.ts";
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
    approval: "Ein Aufruf wartet auf Genehmigung",
    person: "Jemand möchte mit einer Person sprechen",
    blocked: "Der Browser spielt keinen Ton, bis Sie auf dieser Seite etwas drücken.",
  },
);

/** While no line says when something changes. */
const EVERY_MS = 20_000;
const MOST = 100;
/** What ends that a customer waits for a person. */
const NO_LONGER_ASKED = ["person-joined", "handed-back", "conversation-closed"];

/**
 * What waits for the team: counted in the tab, and told by the browser and a sound where its user wants that. What waited
 * before the page was opened is counted and not told. Of several tabs one tells.
 */
class WaitingNotices extends EventTarget {
  #approvals: ReadonlySet<string> | undefined;
  readonly #asked = new Set<string>();
  #isTelling = false;

  start(): void {
    if (!may("approvals.decide")) return;
    this.#becomeTeller();
    void this.#read();
    setInterval(() => {
      if (!line.isLive && !api.isSignedOut) void this.#read();
    }, EVERY_MS);
    line.watchInbox((news) => {
      if ("all" in news) return void this.#read();
      for (const { conversationId, what } of news.changes) this.#follow(conversationId, what);
      if (news.changes.some(({ what }) => what.some((type) => type.startsWith("approval-") || type === "turn-ended"))) void this.#read();
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
    return this.#approvals?.size ?? 0;
  }

  /** What to say of the sound; undefined: nothing is in its way. */
  get soundFault(): string | undefined {
    return hasSound() && isSoundBlocked() ? noticeWords.blocked : undefined;
  }

  #follow(conversationId: string, what: readonly string[]): void {
    if (what.some((type) => NO_LONGER_ASKED.includes(type))) this.#asked.delete(conversationId);
    else if (what.includes("person-asked") && !this.#asked.has(conversationId)) {
      this.#asked.add(conversationId);
      this.#tell(noticeWords.person, `/inbox/${conversationId}`, `person.asked ${conversationId}`);
    }
    this.#changed();
  }

  async #read(): Promise<void> {
    let found: Page<WaitingApproval>;
    try {
      found = (await api.get<Page<WaitingApproval>>("/approvals", { query: { approver: "staff", limit: MOST } })).body;
    } catch {
      // The page says by itself that the server is not there.
      return;
    }
    const before = this.#approvals;
    this.#approvals = new Set(found.items.map(({ approvalId }) => approvalId));
    const added = before === undefined ? [] : found.items.filter(({ approvalId }) => !before.has(approvalId));
    for (const { conversationId } of added)
      this.#tell(noticeWords.approval, `/inbox/${conversationId}`, `approval.requested ${conversationId}`);
    this.#changed();
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
    showCount((this.#approvals?.size ?? 0) + this.#asked.size);
    this.dispatchEvent(new Event("changed"));
  }
}

export const waitingNotices = new WaitingNotices();
