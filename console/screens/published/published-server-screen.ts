import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { api } from "../../api/client.ts";
import type { PublishedServer } from "../../api/types.ts";
import { formatAgo, formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { ask } from "../../parts/dialogs.ts";
import { menu } from "../../parts/menu.ts";
import { showPage, skeleton } from "../../parts/states.ts";
import { tabs } from "../../parts/tabs.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { clientSaid, publishedStatus } from "./published-status.ts";
import { publishedWords } from "./published-words.ts";

const TABS = ["tools", "keys", "connect", "test", "log"] as const;
type Tab = (typeof TABS)[number];

/** Each tab has a file of its own, loaded when it is opened. */
const LOAD: Readonly<Record<Tab, () => Promise<unknown>>> = {
  tools: () => import("./tools/offered-tools.ts"),
  keys: () => import("./keys/published-keys.ts"),
  connect: () => import("./connect/connect-tab.ts"),
  test: () => import("./test/test-tab.ts"),
  log: () => import("./log/log-tab.ts"),
};

/** Clients come and go while it is looked at. */
const EVERY_MS = 5_000;

/** A published server as it was read. */
export interface OpenedServer {
  readonly server: PublishedServer;
  readonly version: string | undefined;
}

/** One published server: its tabs have addresses. */
@customElement("desk-published-server")
export class DeskPublishedServer extends PageElement {
  @property() serverId = "";
  @property() tab = "tools";
  readonly #loaded = new Set<Tab>();
  readonly #opened = new Resource<OpenedServer>(this, { load: (signal) => this.#load(signal), everyMs: EVERY_MS });

  /** An address that somebody wrote by hand may have any. */
  get #tab(): Tab {
    return TABS.find((tab) => tab === this.tab) ?? "tools";
  }

  override willUpdate(): void {
    const tab = this.#tab;
    if (this.#loaded.has(tab)) return;
    // Drawn when its file is there: what an element is given before it is defined, it gets too late.
    void LOAD[tab]().then(() => {
      this.#loaded.add(tab);
      this.requestUpdate();
    });
  }

  override updated(): void {
    const tab = this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    // Where not all tabs fit, the chosen one is in view.
    if (tab !== null) tab.parentElement!.scrollLeft = tab.offsetLeft - tab.offsetWidth;
  }

  override render() {
    return html`<nav class="crumbs"><a href=${router.href("/published-servers")}>${publishedWords.title}</a></nav>
      ${showPage(
        this.#opened,
        (opened) => this.#page(opened),
        () => skeleton(8),
      )}`;
  }

  #page(opened: OpenedServer): TemplateResult {
    const { server } = opened;
    return html`<header class="page-head">
        <h1>${server.name}</h1>
        ${
          may("published.write")
            ? html`<div class="actions">
                ${menu(publishedWords.more, [
                  { label: publishedWords.removeEntry, icon: "remove", isDangerous: true, act: () => void this.#remove(opened) },
                ])}
              </div>`
            : ""
        }
        <p>${publishedStatus(server)} <span class="muted">· ${publishedWords.ownedBy(server.owner.name)}</span></p>
      </header>
      ${tabs(
        publishedWords.tabsOf(server.name),
        TABS.filter((tab) => tab !== "test" || may("published.write")).map((tab) => ({
          label: publishedWords.tab[tab],
          href: router.href(tab === "tools" ? `/published-servers/${server.id}` : `/published-servers/${server.id}/${tab}`),
          isCurrent: tab === this.#tab,
        })),
      )}
      ${this.#loaded.has(this.#tab) ? keyed(server.id, this.#content(opened)) : skeleton(6)}`;
  }

  #content({ server, version }: OpenedServer): TemplateResult {
    const reload = (): void => void this.#opened.reload();
    switch (this.#tab) {
      case "tools":
        return html`<desk-offered-tools .server=${server} .version=${version} @changed=${reload}></desk-offered-tools>`;
      case "keys":
        return html`<desk-published-keys .server=${server} @changed=${reload}></desk-published-keys>`;
      case "connect":
        return html`<desk-connect .server=${server} @changed=${reload}></desk-connect>`;
      case "test":
        return html`<desk-published-test .server=${server}></desk-published-test>`;
      case "log":
        return html`<desk-published-log .server=${server}></desk-published-log>`;
    }
  }

  async #load(signal: AbortSignal): Promise<OpenedServer> {
    const { body, version } = await api.get<PublishedServer>(`/published-servers/${this.serverId}`, { signal });
    return { server: body, version };
  }

  async #remove({ server, version }: OpenedServer): Promise<void> {
    const { name, keys, last } = server;
    const used = last === undefined ? publishedWords.removeUnused : publishedWords.removeUsed(clientSaid(last), formatAgo(last.at));
    const text = publishedWords.removeText(publishedWords.removeKeys(keys, formatNumber(keys)), used);
    const question = { title: publishedWords.removeTitle(name), text, confirm: publishedWords.remove, isDangerous: true };
    if (!(await ask(last === undefined ? question : { ...question, typeName: name }))) return;
    try {
      await api.delete(`/published-servers/${server.id}`, version);
    } catch (error) {
      await this.#opened.reload();
      return toastFault(error);
    }
    router.unguard();
    await router.go("/published-servers");
    toast(publishedWords.removed(name));
  }
}
