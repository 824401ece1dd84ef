import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { PreviewedPublishedTool, PreviewPublishedToolsAnswer } from "../../../api/types.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import type { Resource } from "../../../foundation/resource.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { icon } from "../../../parts/icon.ts";
import "../../../parts/json-view.ts";
import { show } from "../../../parts/states.ts";
import { sourceHref, sourceSaid } from "./offered-tool.ts";
import { offeredWords } from "./offered-words.ts";

/** More are drawn when somebody wants them. */
const SHOWN = 50;

/** The list as a client is given it, and why it is not given the other tools. */
@customElement("desk-client-view")
export class DeskClientView extends PageElement {
  /** Another one whenever it has something else. */
  @property({ attribute: false }) preview!: Pick<Resource<PreviewPublishedToolsAnswer>, "state" | "reload">;
  @state() private isWhole = false;

  override render() {
    return html`<section class="group measure" aria-labelledby="client-view">
      <h2 id="client-view">${offeredWords.preview}</h2>
      <p class="muted">${offeredWords.previewLead}</p>
      <div class="toolbar">
        <button type="button" @click=${() => void this.preview.reload()}>${icon("reload")}${offeredWords.again}</button>
      </div>
      ${show(this.preview, ({ tools }) => this.#lists(tools))}
    </section>`;
  }

  #lists(tools: readonly PreviewedPublishedTool[]): TemplateResult {
    const seen = tools.filter(({ definition }) => definition !== undefined);
    const rest = tools.filter(({ definition }) => definition === undefined);
    const cut = <Item>(all: readonly Item[]): readonly Item[] => (this.isWhole ? all : all.slice(0, SHOWN));
    const isCut = !this.isWhole && Math.max(seen.length, rest.length) > SHOWN;
    return html`${
      seen.length === 0 ? html`<p>${offeredWords.previewNone}</p>` : html`<div class="client-tools">${cut(seen).map(seenTool)}</div>`
    }
    ${
      rest.length === 0
        ? nothing
        : html`<h3>${offeredWords.unseenTitle}</h3>
            <ul class="plain-list">
              ${cut(rest).map(unseenTool)}
            </ul>`
    }
    ${
      isCut
        ? html`<button type="button" @click=${() => (this.isWhole = true)}>${offeredWords.showAll(formatNumber(tools.length))}</button>`
        : nothing
    }`;
  }
}

function seenTool({ definition, alwaysAsks }: PreviewedPublishedTool): TemplateResult {
  const { name, title, description, inputSchema } = definition!;
  return html`<details class="client-tool">
    <summary>
      <code>${name}</code> ${title === undefined || title === name ? nothing : html`<span class="muted">${hiddenShown(title)}</span>`}
    </summary>
    <p class="client-text">${hiddenShown(description)}</p>
    ${alwaysAsks === true ? html`<p class="muted">${offeredWords.whyAsks}</p>` : nothing}
    <desk-json label=${offeredWords.arguments} .value=${inputSchema}></desk-json>
  </details>`;
}

function unseenTool(tool: PreviewedPublishedTool): TemplateResult {
  const { publishedName, unseen } = tool;
  const reason = unseen?.reason ?? "not-there";
  return html`<li>
    <span>
      <code>${publishedName}</code> <span class="muted">${sourceSaid(tool)}</span><br />
      ${offeredWords.why[reason]} ${unseen?.cause === undefined ? nothing : html`<span class="muted">${hiddenShown(unseen.cause)}</span>`}
    </span>
    ${
      reason === "inactive"
        ? nothing
        : html`<a class="button quiet" aria-label="${offeredWords.lookThere}: ${publishedName}" href=${sourceHref(tool)}
            >${offeredWords.lookThere}</a
          >`
    }
  </li>`;
}
