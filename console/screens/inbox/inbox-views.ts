import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { InboxCounts, InboxView } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { PLACE_CHANGED, router } from "../../foundation/router.ts";
import { InboxNews } from "../../line/inbox-news.ts";
import { menu } from "../../parts/menu.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { ORGANISED } from "./inbox-actions.ts";
import { type InboxQuery, queryAt, sameQuery, type View, VIEWS } from "./inbox-query.ts";
import { inboxRows } from "./inbox-rows.ts";
import { inboxWords } from "./inbox-words.ts";

const AGAIN_MS = 20_000;
/** The server counts no further. */
const MOST_COUNTED = 1000;

/** The views of the inbox with what they have, asked anew whenever something changes, and those of one's own. */
@customElement("desk-inbox-views")
export class DeskInboxViews extends PageElement {
  readonly #counts = new Resource<InboxCounts>(this, {
    load: async (signal) => (await api.get<InboxCounts>("/inbox/counts", { signal })).body,
    everyMs: AGAIN_MS,
  });
  readonly #own = new Resource<readonly InboxView[]>(this, {
    load: async (signal) => (await api.get<{ items: readonly InboxView[] }>("/inbox-views", { signal })).body.items,
  });
  readonly #organised = (): void => void this.#counts.refresh();
  readonly #placeChanged = (): void => this.requestUpdate();

  constructor() {
    super();
    new InboxNews(this, { concerns: () => true, refresh: () => void this.#counts.refresh() });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener(PLACE_CHANGED, this.#placeChanged);
    inboxRows.addEventListener(ORGANISED, this.#organised);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener(PLACE_CHANGED, this.#placeChanged);
    inboxRows.removeEventListener(ORGANISED, this.#organised);
  }

  async reload(): Promise<void> {
    await Promise.all([this.#counts.reload(), this.#own.reload()]);
  }

  override render() {
    const query = queryAt(router.place);
    const own = this.#own.value ?? [];
    const saved = own.find((view) => sameQuery(view.query as InboxQuery, query));
    return html`<nav class="inbox-views" aria-label=${inboxWords.views}>
      <ul>
        ${VIEWS.map((view) => this.#view(view, saved === undefined && query["view"] === view))}
      </ul>
      ${
        own.length === 0
          ? nothing
          : html`<h2 id="own-views">${inboxWords.ownViews}</h2>
              <ul aria-labelledby="own-views">
                ${own.map((view) => this.#ownView(view, view === saved))}
              </ul>`
      }
    </nav>`;
  }

  #view(view: View, isCurrent: boolean): TemplateResult {
    const counts = view === "all" ? undefined : this.#counts.value?.[view];
    return html`<li>
      <a href=${router.href("/inbox", { view })} aria-current=${isCurrent ? "page" : nothing}
        ><span>${inboxWords[view]}</span
        >${counts === undefined || counts.count === 0 ? html`<span class="inbox-count"></span>` : countOf(counts)}</a
      >
    </li>`;
  }

  #ownView(view: InboxView, isCurrent: boolean): TemplateResult {
    const path = `/inbox-views/${encodeURIComponent(view.id)}`;
    return html`<li>
      <a href=${router.href("/inbox", view.query)} aria-current=${isCurrent ? "page" : nothing}><span>${view.name}</span></a>
      ${menu(inboxWords.viewActions(view.name), [
        { label: inboxWords.replaceView, icon: "reload", act: () => void this.#change(path, { query: queryAt(router.place) }) },
        { label: inboxWords.renameView, icon: "edit", act: () => void this.#rename(path, view) },
        { label: inboxWords.removeView, icon: "remove", isDangerous: true, act: () => void this.#remove(path, view) },
      ])}
    </li>`;
  }

  async #change(path: string, change: Partial<Pick<InboxView, "name" | "query">>): Promise<void> {
    try {
      const { version } = await api.get<InboxView>(path);
      await api.patch(path, change, version);
      toast(inboxWords.viewSaved);
      await this.#own.reload();
    } catch (error) {
      toastFault(error);
    }
  }

  async #rename(path: string, { name }: InboxView): Promise<void> {
    const { nameView } = await import("./save-view.ts");
    await nameView(name, async (next) => this.#change(path, { name: next }));
  }

  /** What is removed can be made again as it was. */
  async #remove(path: string, { name, query }: InboxView): Promise<void> {
    try {
      const { version } = await api.get<InboxView>(path);
      await api.delete(path, version);
      await this.#own.reload();
      toast(inboxWords.viewRemoved, {
        undo: async () => {
          await api.create("/inbox-views", { name, query });
          await this.#own.reload();
        },
      });
    } catch (error) {
      toastFault(error);
    }
  }
}

function countOf({ count, unread }: { readonly count: number; readonly unread: number }): TemplateResult {
  const text = `${formatNumber(Math.min(count, MOST_COUNTED - 1))}${count >= MOST_COUNTED ? "+" : ""}`;
  return html`<span class="inbox-count" ?data-unread=${unread > 0} title=${inboxWords.unreadOf(formatNumber(unread))}
    >${text}<span class="visually-hidden">, ${inboxWords.unreadOf(formatNumber(unread))}</span></span
  >`;
}
