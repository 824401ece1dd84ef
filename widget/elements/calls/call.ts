import { html, nothing, type TemplateResult } from "lit";
import type { CallPart, Card } from "../../thread/state.ts";
import { callWords } from "../../words/call-words.ts";
import { adoptStyles } from "../styles/adopt-styles.ts";
import type { CardParts } from "../cards/card/card-parts.ts";
import { loadCardParts } from "../cards/card-kinds.ts";
import { define } from "../foundation/define.ts";
import { incompleteNote } from "../foundation/reload.ts";
import { LightElement } from "../foundation/light-element.ts";
import "./media.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/**
 * One tool call where it happened: whether it may run, how far it is, what it showed, and whether its outcome is
 * unknown.
 */
export class FrontDeskCall extends LightElement {
  static override properties = {
    call: { attribute: false },
    context: { attribute: false },
    isOpen: { attribute: false },
    parts: { state: true },
    failed: { state: true },
  };
  declare call: CallPart;
  declare context: ThreadContext;
  /** Whether the turn goes on; after its end nothing runs. */
  declare isOpen: boolean;
  /** What draws each kind of card in each language, as far as it was loaded. */
  declare private parts: ReadonlyMap<string, CardParts>;
  declare private failed: boolean;
  readonly #asked = new Set<string>();

  constructor() {
    super();
    this.parts = new Map();
  }

  protected override willUpdate(): void {
    for (const { type } of this.call.cards) void this.#load(type);
    if (this.#showsView()) void this.#loadView();
  }

  #key(type: Card["type"]): string {
    return `${type} ${this.context.words.language}`;
  }

  async #load(type: Card["type"]): Promise<void> {
    const { words } = this.context;
    const key = this.#key(type);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const parts = await loadCardParts(type, words);
      adoptStyles(this.getRootNode(), parts.styles);
      this.parts = new Map(this.parts).set(key, parts);
    } catch {
      this.failed = true;
    }
  }

  /** A call that ran, or runs. */
  #showsView(): boolean {
    const { hasView, status, outcome } = this.call;
    return hasView === true && (status === "running" || (status === "ended" && outcome !== "refused"));
  }

  async #loadView(): Promise<void> {
    if (this.#asked.has("view")) return;
    this.#asked.add("view");
    try {
      const { styles } = await import("../view/view-parts.ts");
      adoptStyles(this.getRootNode(), styles);
    } catch {
      this.failed = true;
    }
  }

  protected override render(): TemplateResult {
    const { call } = this;
    const words = callWords(this.context.words);
    const { title } = call.tool;
    return html`
      ${call.cards.map((card) => this.parts.get(this.#key(card.type))?.draw(card, call, this.context))}
      ${this.failed ? incompleteNote(words) : nothing} ${this.isOpen ? this.#activity(call, words.activity[call.status]?.(title)) : nothing}
      ${this.#showsView() ? html`<front-desk-view .call=${call} .context=${this.context}></front-desk-view>` : nothing}
      ${call.media.map(
        (media) =>
          html`<front-desk-media
            .callId=${call.callId}
            .index=${media.index}
            .kind=${media.kind}
            .name=${title}
            .context=${this.context}
          ></front-desk-media>`,
      )}
      ${
        call.settled !== undefined
          ? html`<p class="note">${words.settled[call.settled.outcome](title)} ${call.settled.note}</p>`
          : call.outcome === "unknown"
            ? html`<p class="note warning">${words.unknownOutcome(title)}</p>`
            : nothing
      }
    `;
  }

  #activity({ progress }: CallPart, name: string | undefined): TemplateResult | typeof nothing {
    if (name === undefined) return nothing;
    return html`<div class="activity" part="activity">
      <p>${name} ${progress?.message ? html`<span>${progress.message}</span>` : nothing}</p>
      ${
        progress?.total
          ? html`<progress max=${progress.total} .value=${progress.progress} aria-label=${name}></progress>`
          : html`<progress aria-label=${name}></progress>`
      }
    </div>`;
  }
}

define("front-desk-call", FrontDeskCall);
