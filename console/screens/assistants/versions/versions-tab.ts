import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { AssistantState, Version } from "../../../api/types.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { followPlace } from "../../../foundation/follow-place.ts";
import { router } from "../../../foundation/router.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { ago, badge } from "../../../parts/status.ts";
import { fieldName } from "../editor/field-names.ts";
import "./version-details.ts";
import { versionsWords } from "./versions-words.ts";

/** What was published, newest first. A version opens beside the list, and has an address. */
@customElement("desk-versions")
export class DeskVersions extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) assistant!: AssistantState;
  /** Of the assistant, for going back. */
  @property({ attribute: false }) version: string | undefined;
  @property({ type: Boolean }) isReadOnly = false;
  readonly #versions = new PagedList<Version>(this, {
    from: () => ({ path: `/assistants/${this.assistantKey}/versions` }),
    everyMs: 30_000,
  });
  #number: number | undefined;

  constructor() {
    super();
    followPlace(this, () => this.requestUpdate());
  }

  /** Something was published meanwhile. */
  override willUpdate(): void {
    const number = this.assistant.version;
    if (this.#number !== undefined && number !== this.#number) void this.#versions.reload();
    this.#number = number;
  }

  readonly #columns: readonly Column<Version>[] = [
    { label: versionsWords.version, width: "minmax(130px, 1fr)", cell: (row) => this.#name(row) },
    {
      label: versionsWords.changed,
      width: "minmax(120px, 2fr)",
      isSecondary: true,
      cell: ({ changed, restored }) => changesOf(changed, restored),
    },
    { label: versionsWords.note, width: "minmax(100px, 2fr)", isSecondary: true, cell: ({ note }) => note ?? "" },
    { label: versionsWords.who, width: "minmax(80px, 1fr)", cell: ({ by }) => whoOf(by) },
    { label: versionsWords.when, width: "100px", cell: ({ at }) => ago(at) },
  ];

  #name({ number }: Version): TemplateResult {
    return html`${versionsWords.numbered(number)}${number === this.assistant.version ? html` ${badge(versionsWords.now, "good")}` : nothing}`;
  }

  override render() {
    const { assistant, assistantKey, version } = this;
    const opened = Number(router.place.query.get("version") ?? Number.NaN);
    if (assistant.source === "file") return emptyState({ icon: "file", title: versionsWords.ofFile, text: versionsWords.ofFileText });
    return html`<p class="muted">${versionsWords.lead}</p>
      ${show(this.#versions, ({ items, next }) => {
        const found = items.find(({ number }) => number === opened);
        return html`<div class="beside">
          <desk-table
            label=${versionsWords.title}
            .columns=${found === undefined ? this.#columns : this.#columns.filter(({ label }) => label !== versionsWords.note)}
            .rows=${items}
            .rowKey=${({ number }: Version) => String(number)}
            .href=${({ number }: Version) => router.href(router.place.path, { version: String(number) })}
            ?hasMore=${next !== undefined}
            @more=${() => void this.#versions.more()}
          ></desk-table>
          ${
            found === undefined
              ? nothing
              : keyed(
                  found.number,
                  html`<desk-version
                    class="details"
                    .assistantKey=${assistantKey}
                    .assistant=${assistant}
                    .version=${version}
                    .shown=${found}
                    ?isReadOnly=${this.isReadOnly}
                  ></desk-version>`,
                )
          }
        </div>`;
      })}`;
  }
}

function changesOf(changed: readonly string[], restored: number | undefined): string {
  if (restored !== undefined) return versionsWords.restored(restored);
  return changed.length === 0 ? versionsWords.first : formatList(changed.map(fieldName));
}

function whoOf(by: Version["by"]): string {
  if (by === undefined) return versionsWords.unknown;
  return by.kind === "system" ? versionsWords.system : by.name;
}
