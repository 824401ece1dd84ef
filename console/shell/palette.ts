import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api, type Page } from "../api/client.ts";
import { PageElement } from "../foundation/page-element.ts";
import { may } from "../foundation/screen.ts";
import { showDialog } from "../parts/dialogs.ts";
import { icon } from "../parts/icon.ts";
import { shellWords } from "./shell-words.ts";
import { target, targetsFor, type Target } from "./targets.ts";

const SHOWN = 12;
const WAIT_MS = 120;

/** What the server finds by a part of its name. */
const SEARCHED = [
  {
    action: "assistants.read",
    path: "/assistants",
    kind: shellWords.assistant,
    icon: "assistant",
    at: ({ key = "" }: Hit) => `/assistants/${key}`,
  },
  {
    action: "servers.read",
    path: "/mcp-servers",
    kind: shellWords.server,
    icon: "server",
    at: ({ key = "" }: Hit) => `/tools/mcp-servers/${key}`,
  },
  {
    action: "servers.read",
    path: "/mcp-tools",
    kind: shellWords.tool,
    icon: "tool",
    at: ({ server = "", name }: Hit) => `/tools/mcp-servers/${server}/tools/${encodeURIComponent(name)}`,
  },
  {
    action: "servers.read",
    path: "/http-tools",
    kind: shellWords.tool,
    icon: "tool",
    at: ({ name }: Hit) => `/tools/http-tools/${encodeURIComponent(name)}`,
  },
  {
    action: "published.read",
    path: "/published-servers",
    kind: shellWords.publishedServer,
    icon: "published",
    at: ({ id = "" }: Hit) => `/published-servers/${id}`,
  },
  { action: "people.read", path: "/people", kind: shellWords.person, icon: "person", at: ({ id = "" }: Hit) => `/people/${id}` },
] as const;

/** Goes anywhere: to a page, an assistant, a server, a tool, a person; and does what has no page. */
export async function openPalette(): Promise<void> {
  if (document.querySelector("desk-palette") !== null) return;
  await showDialog(shellWords.goAnywhere, (close) => html`<desk-palette @chosen=${close}></desk-palette>`, { wide: true });
}

/** A combobox: the focus stays in the field, the arrow keys move in the list. */
@customElement("desk-palette")
export class DeskPalette extends PageElement {
  @state() private found: readonly Target[] = targetsFor("");
  @state() private at = 0;
  /** The server has not answered yet: that nothing was found would be said too early. */
  @state() private isSearching = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  override render() {
    return html`<input
        type="search"
        role="combobox"
        data-begins
        autocomplete="off"
        aria-label=${shellWords.paletteLabel}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant=${this.found.length > 0 ? `palette-${this.at}` : nothing}
        @input=${(event: Event) => this.#typed((event.currentTarget as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.#moved(event)}
      />
      <ul id="palette-list" class="palette-list" role="listbox" aria-label=${shellWords.goAnywhere}>
        ${this.found.map(
          (one, index) =>
            html`<li
              id="palette-${index}"
              role="option"
              aria-selected=${index === this.at ? "true" : "false"}
              @click=${() => this.#choose(one)}
            >
              ${icon(one.icon)}<span>${one.label}</span><span class="muted">${one.kind}</span>
            </li>`,
        )}
      </ul>
      <p role="status" class="muted">
        ${this.isSearching ? shellWords.searching : this.found.length === 0 ? shellWords.nothingFound : nothing}
      </p>`;
  }

  #typed(text: string): void {
    this.found = targetsFor(text);
    this.at = 0;
    clearTimeout(this.#timer);
    this.isSearching = text.trim() !== "";
    this.#timer = setTimeout(() => void this.#search(text), WAIT_MS);
  }

  async #search(text: string): Promise<void> {
    if (text.trim() === "") return;
    const asked = ++this.#asked;
    const found = await Promise.all(
      SEARCHED.map(async ({ action, path, at, ...shown }) =>
        may(action)
          ? (await search(path, text)).map((hit) => target({ ...shown, label: hit.title || hit.name, path: at(hit) }, shown.kind))
          : [],
      ),
    );
    if (asked !== this.#asked) return;
    this.isSearching = false;
    this.found = targetsFor(text, found.flat()).slice(0, SHOWN);
  }

  #moved(event: KeyboardEvent): void {
    // The browser would empty the field first.
    if (event.key === "Escape") {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("chosen"));
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && this.found.length > 0) {
      event.preventDefault();
      this.at = (this.at + step + this.found.length) % this.found.length;
      return;
    }
    const chosen = this.found[this.at];
    if (event.key === "Enter" && chosen !== undefined) {
      event.preventDefault();
      this.#choose(chosen);
    }
  }

  #choose({ go }: Target): void {
    this.dispatchEvent(new CustomEvent("chosen"));
    go();
  }
}

interface Hit {
  readonly key?: string;
  readonly id?: string;
  readonly name: string;
  readonly title?: string;
  readonly server?: string;
}

/** A search that fails finds nothing: the pages are still there. */
async function search(path: string, text: string): Promise<readonly Hit[]> {
  try {
    return (await api.get<Page<Hit>>(path, { query: { q: text.trim(), limit: 6 } })).body.items;
  } catch {
    return [];
  }
}
