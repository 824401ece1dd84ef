import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api, type Page } from "../api/client.ts";
import { PageElement } from "../foundation/page-element.ts";
import { router } from "../foundation/router.ts";
import { may } from "../foundation/screen.ts";
import { showDialog } from "../parts/dialogs.ts";
import { icon, type IconName } from "../parts/icon.ts";
import { NAVIGATION } from "./pages.ts";
import { shellWords } from "./shell-words.ts";

interface Target {
  readonly label: string;
  readonly kind: string;
  readonly icon: IconName;
  readonly path: string;
}

const SHOWN = 12;
const WAIT_MS = 120;

/** Goes anywhere: to a page, an assistant, a server. */
export async function openPalette(): Promise<void> {
  if (document.querySelector("desk-palette") !== null) return;
  await showDialog(shellWords.goAnywhere, (close) => html`<desk-palette @chosen=${close}></desk-palette>`, { wide: true });
}

/** A combobox: the focus stays in the field, the arrow keys move in the list. */
@customElement("desk-palette")
export class DeskPalette extends PageElement {
  @state() private found: readonly Target[] = pagesFor("");
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
          (target, index) =>
            html`<li
              id="palette-${index}"
              role="option"
              aria-selected=${index === this.at ? "true" : "false"}
              @click=${() => this.#choose(target)}
            >
              ${icon(target.icon)}<span>${target.label}</span><span class="muted">${target.kind}</span>
            </li>`,
        )}
      </ul>
      <p role="status" class="muted">
        ${this.isSearching ? shellWords.searching : this.found.length === 0 ? shellWords.nothingFound : nothing}
      </p>`;
  }

  #typed(text: string): void {
    this.found = pagesFor(text);
    this.at = 0;
    clearTimeout(this.#timer);
    this.isSearching = text.trim() !== "";
    this.#timer = setTimeout(() => void this.#search(text), WAIT_MS);
  }

  async #search(text: string): Promise<void> {
    if (text.trim() === "") return;
    const asked = ++this.#asked;
    const [assistants, servers] = await Promise.all([
      may("assistants.read") ? search("/assistants", text) : [],
      may("servers.read") ? search("/mcp-servers", text) : [],
    ]);
    if (asked !== this.#asked) return;
    this.isSearching = false;
    this.found = [
      ...pagesFor(text),
      ...assistants.map(({ key, name }) => ({
        label: name,
        kind: shellWords.assistant,
        icon: "assistant" as const,
        path: `/assistants/${key}`,
      })),
      ...servers.map(({ key, name }) => ({
        label: name,
        kind: shellWords.server,
        icon: "server" as const,
        path: `/tools/mcp-servers/${key}`,
      })),
    ].slice(0, SHOWN);
  }

  #moved(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && this.found.length > 0) {
      event.preventDefault();
      this.at = (this.at + step + this.found.length) % this.found.length;
      return;
    }
    const target = this.found[this.at];
    if (event.key === "Enter" && target !== undefined) {
      event.preventDefault();
      this.#choose(target);
    }
  }

  #choose(target: Target): void {
    this.dispatchEvent(new CustomEvent("chosen"));
    void router.go(target.path);
  }
}

function pagesFor(text: string): readonly Target[] {
  const wanted = text.trim().toLowerCase();
  return NAVIGATION.filter(({ label, action }) => (action === undefined || may(action)) && label.toLowerCase().includes(wanted)).map(
    (page) => ({
      label: page.label,
      kind: shellWords.pages,
      icon: page.icon,
      path: page.path,
    }),
  );
}

/** A search that fails finds nothing: the pages are still there. */
async function search(path: string, text: string): Promise<readonly { readonly key: string; readonly name: string }[]> {
  try {
    return (await api.get<Page<{ key: string; name: string }>>(path, { query: { q: text.trim(), limit: 6 } })).body.items;
  } catch {
    return [];
  }
}
