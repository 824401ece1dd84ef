import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { RetentionPreview } from "../../../api/types.ts";
import { formatDateTime } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { setupWords } from "./setup-words.ts";

const FIELDS = ["conversationDays", "traceDays", "resultDays"] as const;
type Days = Readonly<Partial<Record<(typeof FIELDS)[number], unknown>>>;

/** What the next run would take with the days that are typed, before anything is saved. */
@customElement("desk-retention-preview")
export class DeskRetentionPreview extends PageElement {
  @property() assistantKey = "";
  @property({ attribute: false }) days: Days = {};
  readonly #preview = new Resource<RetentionPreview | undefined>(this, { load: (signal) => this.#load(signal) });
  #asked = "";

  override willUpdate(changed: PropertyValues): void {
    const asked = JSON.stringify(this.#typed());
    if (!changed.has("days") || asked === this.#asked) return;
    this.#asked = asked;
    if (this.hasUpdated) void this.#preview.reload();
  }

  override render() {
    const found = this.#preview.value;
    if (found === undefined) return nothing;
    const lines = [
      [found.conversations, setupWords.conversationsGo],
      [found.traces, setupWords.tracesGo],
      [found.results, setupWords.resultsGo],
    ] as const;
    return html`<div role="status" class="hint">
      ${lines.map(([count, say]) => (count === undefined ? nothing : html`<div>${say(count, formatDateTime(found.nextAt))}</div>`))}
    </div>`;
  }

  #typed(): Record<string, number> {
    const typed = FIELDS.flatMap((name) => {
      const days = this.days[name];
      return typeof days === "number" && Number.isInteger(days) && days > 0 ? [[name, days] as const] : [];
    });
    return Object.fromEntries(typed);
  }

  async #load(signal: AbortSignal): Promise<RetentionPreview | undefined> {
    const query = this.#typed();
    if (Object.keys(query).length === 0) return undefined;
    return (await api.get<RetentionPreview>(`/assistants/${this.assistantKey}/retention`, { query, signal })).body;
  }
}
