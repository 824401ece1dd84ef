import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { me, may, type Screen } from "../foundation/screen.ts";
import { hasShortcuts } from "../foundation/preferences.ts";
import { PageElement } from "../foundation/page-element.ts";
import { formatList, formatNumber, zone } from "../foundation/format.ts";
import { isTyping } from "../foundation/typing.ts";
import { matchPath, PLACE_CHANGED, router } from "../foundation/router.ts";
import { icon } from "../parts/icon.ts";
import { loadMenus, menu } from "../parts/menu.ts";
import { skeleton } from "../parts/states.ts";
import { toast } from "../parts/toasts.ts";
import { ROLE_NAMES } from "../screens/people/role-choices.ts";
import { Arriving } from "./arriving.ts";
import { Reach } from "./reach.ts";
import { NAVIGATION } from "./pages.ts";
import { SCREENS } from "./screens.ts";
import { shellWords } from "./shell-words.ts";
import { leave } from "./targets.ts";

/** Navigation, the place of the screens, and what is there on every screen: the palette, the keys, what is said in passing. */
@customElement("desk-shell")
export class DeskShell extends PageElement {
  /** Somebody has just signed in here: the field that had the focus is gone. */
  @property({ attribute: false }) isEntered = false;
  @state() private drawn: TemplateResult = skeleton();
  @state() private isNavigationOpen = false;
  /** Said once the first screen stands, which it would hold up. */
  @state() private zone = "\u00a0";
  @state() private soundFault: string | undefined;
  /** The calls that wait for the team. */
  /** How many wait, by the path of the entry that leads to them. */
  @state() private waiting: Readonly<Record<string, number>> = {};
  #path: string | undefined;
  #waitsForPage = false;
  readonly #arriving = new Arriving();
  readonly #reach = new Reach(this);

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener(PLACE_CHANGED, this.#placeChanged);
    addEventListener("keydown", this.#pressed);
    addEventListener("vite:preloadError", partFailed);
    void this.#draw(this.isEntered);
    setTimeout(() => {
      this.zone = shellWords.zone(zone());
      void loadMenus();
      // What is typed into the palette must not wait for its file.
      void import("./palette.ts");
      void this.#startNotices();
      void import("./line-status.ts");
    }, 1_500);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    router.removeEventListener(PLACE_CHANGED, this.#placeChanged);
    removeEventListener("keydown", this.#pressed);
    removeEventListener("vite:preloadError", partFailed);
  }

  async #startNotices(): Promise<void> {
    const { waitingNotices } = await import("./waiting-notices.ts");
    waitingNotices.addEventListener("changed", () => {
      this.soundFault = waitingNotices.soundFault;
      this.waiting = { "/approvals": waitingNotices.approvals, "/inbox": waitingNotices.people };
    });
    waitingNotices.start();
  }

  readonly #placeChanged = (event: Event): void => void this.#draw((event as CustomEvent<{ left: boolean }>).detail.left);

  async #draw(left: boolean): Promise<void> {
    this.isNavigationOpen = false;
    const { path } = router.place;
    this.requestUpdate();
    if (path === this.#path) return;
    const isSameScreen = this.#path !== undefined && keyOf(this.#path) === keyOf(path);
    this.#path = path;
    const from = document.activeElement;
    const drawn = await this.#drawnAt(path);
    // The person has gone on meanwhile.
    if (this.#path !== path) return;
    // Another thing of the same kind is another screen: nothing of the one before stays in it.
    this.drawn = html`${keyed(keyOf(path), drawn)}`;
    await this.updateComplete;
    // Whoever goes from tab to tab stays on the tabs.
    if (isSameScreen) return this.#arriving.follow(this.querySelector("main")!, from);
    if (!left) return;
    scrollTo(0, router.keptScroll);
    this.#arriving.begin(this.querySelector("main")!);
  }

  async #drawnAt(path: string): Promise<TemplateResult> {
    const found = findScreen(path);
    if (found === undefined) return notice(shellWords.notFound, shellWords.notFoundText);
    if (found.screen.action !== undefined && !may(found.screen.action)) return notice(shellWords.notAllowed, shellWords.notAllowedText);
    try {
      return (await found.screen.load())(found.params);
    } catch {
      return html`<section class="empty">
        <h1>${shellWords.screenFailed}</h1>
        <button class="primary" @click=${() => location.reload()}>${shellWords.reload}</button>
      </section>`;
    }
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return void this.#openPalette();
    }
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "s") {
      const save = this.querySelector<HTMLButtonElement>("main form button:not([type=button])");
      if (save === null) return;
      event.preventDefault();
      return save.click();
    }
    if (event.metaKey || event.ctrlKey || event.altKey || !hasShortcuts() || isTyping(event)) return;
    this.#letter(event);
  };

  #letter(event: KeyboardEvent): void {
    if (this.#waitsForPage) {
      this.#waitsForPage = false;
      const entry = NAVIGATION.find(({ key, action }) => key === event.key && (action === undefined || may(action)));
      if (entry === undefined) return;
      event.preventDefault();
      return void router.go(entry.path);
    }
    if (event.key === "g") {
      this.#waitsForPage = true;
      setTimeout(() => (this.#waitsForPage = false), 1_500);
    } else if (event.key === "?") void this.#openKeys();
    else if (event.key === "j" && !event.defaultPrevented) {
      // In a list it is the list's key.
      this.querySelector<HTMLElement>("main .row-link[tabindex='0']")?.focus();
    } else if (event.key === "/") {
      const search = this.querySelector<HTMLInputElement>('main input[type="search"]');
      if (search === null) return;
      event.preventDefault();
      search.focus();
    }
  }

  async #openPalette(): Promise<void> {
    const { openPalette } = await import("./palette.ts");
    await openPalette();
  }

  async #openKeys(): Promise<void> {
    const { openKeys } = await import("./keys-help.ts");
    await openKeys();
  }

  override render() {
    const name = me.self?.name ?? "";
    const { path } = router.place;
    return html`<a class="skip" href="#content" @click=${(event: Event) => this.#skip(event)}>${shellWords.skip}</a>
      <header class="top">
        <button
          class="quiet icon-only only-narrow"
          aria-label=${shellWords.openNavigation}
          aria-expanded=${this.isNavigationOpen ? "true" : "false"}
          @click=${() => (this.isNavigationOpen = !this.isNavigationOpen)}
        >
          ${icon("menu", 20)}
        </button>
        <a class="brand" href=${router.href("/")}>${icon("chat", 20)}<span>${shellWords.product}</span></a>
        <button class="palette-button" @click=${() => void this.#openPalette()}>
          ${icon("search")}<span>${shellWords.goAnywhere}</span><kbd aria-hidden="true">${isApple ? "⌘" : "Ctrl"} K</kbd>
        </button>
        ${menu(
          shellWords.account(name),
          [
            { label: shellWords.myAccount, icon: "person", act: () => void router.go("/account") },
            { label: shellWords.keys, icon: "help", act: () => void this.#openKeys() },
            { label: shellWords.signOut, icon: "leave", act: () => void leave() },
          ],
          html`<span class="avatar" data-initials=${initials(name)}></span>`,
          html`<div class="menu-head">
            ${name}<br /><span class="muted">${formatList((me.self?.roles ?? []).map((role) => ROLE_NAMES[role]))}</span>
          </div>`,
        )}
      </header>
      <p class="reach" role="status">
        ${this.#reach.isReachable ? nothing : html`<span>${icon("alert")}${shellWords.unreachable}</span>`}${
          this.soundFault === undefined ? nothing : html`<span>${icon("alert")}${this.soundFault}</span>`
        }
      </p>
      <nav class="side" aria-label=${shellWords.navigation} data-open=${this.isNavigationOpen ? "" : nothing}>
        <ul>
          ${NAVIGATION.filter(({ action }) => action === undefined || may(action)).map((entry) => this.#entry(entry, path))}
        </ul>
        <desk-line-status class="line-status"></desk-line-status>
        <p class="muted zone">${this.zone}</p>
      </nav>
      <main id="content" tabindex="-1">${this.drawn}</main>
      <desk-toasts></desk-toasts>`;
  }

  #entry(entry: (typeof NAVIGATION)[number], path: string): TemplateResult {
    const waiting = this.waiting[entry.path] ?? 0;
    return html`<li>
      <a
        href=${router.href(entry.path)}
        aria-current=${isAt(entry.path, path) ? "page" : nothing}
        aria-description=${waiting > 0 ? shellWords.waiting(formatNumber(waiting)) : nothing}
        >${icon(entry.icon)}${entry.label}${
          waiting > 0 ? html`<span class="side-count" aria-hidden="true">${formatNumber(waiting)}</span>` : nothing
        }</a
      >
    </li>`;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>("main")?.focus();
  }
}

// The screen's code comes while the shell is drawn; what fails is told where it is drawn.
findScreen(router.place.path)
  ?.screen.load()
  .catch(() => undefined);

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

function findScreen(path: string): { readonly screen: Screen; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const screen of SCREENS) {
    const params = matchPath(screen.path, path);
    if (params !== undefined) return { screen, params };
  }
  return undefined;
}

/** What has the same key is the same element, with another address. */
/** Files are named by what is in them: those of before an update are gone. */
function partFailed(): void {
  toast(shellWords.partFailed, { kind: "fault", about: "part" });
}

function keyOf(path: string): string {
  const found = findScreen(path);
  return found?.screen.part === undefined ? path : `${found.screen.part} ${found.params["key"] ?? found.params["id"] ?? ""}`;
}

function notice(title: string, text: string): TemplateResult {
  return html`<section class="empty">
    <h1>${title}</h1>
    <p>${text}</p>
    <a class="button" href=${router.href("/")}>${shellWords.toHome}</a>
  </section>`;
}

function isAt(entry: string, path: string): boolean {
  return entry === "/" ? path === "/" : path === entry || path.startsWith(`${entry}/`);
}

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  return [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map((part) => part?.[0]?.toUpperCase() ?? "").join("");
}
