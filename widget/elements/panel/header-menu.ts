import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { Actor } from "../../../protocol/events.ts";
import type { Words } from "../../words/types/words.ts";
import { menuIcon } from "../foundation/icons.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import { adoptStyles } from "../styles/adopt-styles.ts";
import type * as DeskMenu from "./desk-menu.ts";

type Host = LitElement & { theme: DeskMenu.Theme };

/** The header's menu and its button. What opens is loaded when it is first asked for. */
export class HeaderMenu {
  readonly #host: Host;
  readonly #context: () => ThreadContext;
  #menu: typeof DeskMenu | undefined;
  #isOpen = false;

  constructor(host: Host, context: () => ThreadContext) {
    this.#host = host;
    this.#context = context;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  set isOpen(isOpen: boolean) {
    this.#isOpen = isOpen;
    this.#host.requestUpdate();
  }

  /** `person`: the member of the team who answers. */
  draw(words: Words, person: Actor | undefined): TemplateResult {
    return html`<button
        class="round"
        aria-label=${words.menu}
        title=${words.menu}
        aria-expanded=${String(this.#isOpen)}
        @click=${this.#toggle}
      >
        ${menuIcon}
      </button>
      ${this.#isOpen ? this.#menu?.deskMenu(this.#context(), this.#host.theme, this.#acts, person) : nothing}`;
  }

  /**
   * Closes the menu when the focus goes elsewhere; for the `focusout` of what holds it. That takes the focus itself when
   * words are pressed.
   */
  readonly left = (event: FocusEvent): void => {
    if (!(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) this.isOpen = false;
  };

  get #acts(): Parameters<typeof DeskMenu.deskMenu>[2] {
    return { choose: this.#chooseTheme, connections: this.#showConnections, talk: this.#askForPerson };
  }

  readonly #toggle = async (): Promise<void> => {
    const isOpen = this.#isOpen;
    this.#menu ??= await import("./desk-menu.ts");
    adoptStyles(this.#host.renderRoot, this.#menu.menuStyles);
    this.isOpen = !isOpen;
  };

  readonly #chooseTheme = (theme: DeskMenu.Theme): void => {
    this.#host.theme = theme;
  };

  readonly #askForPerson = (): void => {
    this.isOpen = false;
    void this.#menu?.askForPerson(this.#context());
    this.#host.renderRoot.querySelector<HTMLElement>(".head [aria-expanded]")?.focus();
  };

  readonly #showConnections = (): void => {
    this.isOpen = false;
    const root = this.#host.renderRoot;
    void this.#menu?.openConnections(root.querySelector(".panel")!, this.#context(), () =>
      root.querySelector<HTMLElement>("[aria-expanded=false]")?.focus(),
    );
  };
}
