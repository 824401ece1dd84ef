import { html, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Assistant, OpenPreviewAnswer } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { show } from "../../parts/states.ts";
import { didWords } from "../assistants/did-words.ts";
import "../assistants/what-it-did.ts";
import { tryStepWords as said } from "./first-run-words.ts";

/** The widget, as customers get it, in a frame; beside it, what the assistant does. */
@customElement("desk-try-step")
export class DeskTryStep extends PageElement {
  @property({ attribute: false }) assistant: Assistant | undefined;
  readonly #preview = new Resource<OpenPreviewAnswer>(this, {
    load: async (signal) => (await api.post<OpenPreviewAnswer>(`/assistants/${this.assistant?.key}/preview`, {}, { signal })).body,
  });

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get("assistant") as Assistant | undefined;
    if (before !== undefined && before.key !== this.assistant?.key) void this.#preview.restart();
  }

  override render() {
    const { key = "", name = "" } = this.assistant ?? {};
    return html`<p>${said.intro}</p>
      <div class="try">
        ${show(
          this.#preview,
          ({ assistant }) =>
            html`<iframe title=${said.frame(name)} src=${router.href("/preview", { assistant })} @load=${opened}></iframe>`,
          () => html`<div class="try-frame"></div>`,
        )}
        <section class="try-told" aria-labelledby="try-told">
          <h3 id="try-told">${didWords.what}</h3>
          <desk-what-it-did .assistantKey=${key}></desk-what-it-did>
        </section>
      </div>`;
  }
}

/** Opens the chat, so that nobody has to look for its button in the frame. */
function opened(event: Event): void {
  const { contentDocument } = event.currentTarget as HTMLIFrameElement;
  contentDocument?.querySelector<HTMLElement & { open?: () => void }>("front-desk")?.open?.();
}
