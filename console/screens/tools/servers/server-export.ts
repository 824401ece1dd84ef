import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { ExportMcpServersAnswer } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { showDialog } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { show } from "../../../parts/states.ts";
import { copyText } from "../../../parts/toasts.ts";
import { transferWords } from "./transfer-words.ts";
import { toolsWords } from "../tools-words.ts";

type Format = "mcpServers" | "vapi";
const FORMATS = ["mcpServers", "vapi"] as const;

export async function showExport(): Promise<void> {
  await showDialog(toolsWords.export, () => html`<desk-server-export></desk-server-export>`, { wide: true });
}

/** Every server as other products read them, to be copied or kept as a file. */
@customElement("desk-server-export")
export class DeskServerExport extends PageElement {
  @state() private format: Format = "mcpServers";
  readonly #text = new Resource<string>(this, {
    load: async (signal) => {
      const { body } = await api.get<ExportMcpServersAnswer>("/mcp-servers/export", { query: { format: this.format }, signal });
      return JSON.stringify(body, undefined, 2);
    },
  });

  override render() {
    return html`<p class="muted">${transferWords.exportLead}</p>
      <label class="field"
        ><span class="label">${transferWords.format}</span
        ><select @change=${(event: Event) => this.#choose((event.currentTarget as HTMLSelectElement).value as Format)}>
          ${FORMATS.map((format) => html`<option value=${format}>${transferWords.formats[format]}</option>`)}
        </select></label
      >
      ${show(
        this.#text,
        (text) =>
          html`<pre class="export-text" tabindex="0" role="region" aria-label=${transferWords.formats[this.format]}>${text}</pre>
            <div class="actions">
              <button type="button" @click=${() => void copyText(text)}>${icon("copy")}${transferWords.copy}</button>
              <a class="button primary" download="${this.format}.json" href=${api.address("/mcp-servers/export", { format: this.format })}
                >${icon("download")}${transferWords.download}</a
              >
            </div>`,
        () => html`${nothing}`,
      )}`;
  }

  #choose(format: Format): void {
    this.format = format;
    void this.#text.reload();
  }
}
