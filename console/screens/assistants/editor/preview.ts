import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { BASE_PATH } from "../../../api/base-path.ts";
import { api, SIGNED_IN } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { OpenPreviewAnswer } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { icon } from "../../../parts/icon.ts";
import { skeleton } from "../../../parts/states.ts";
import { didWords } from "../did-words.ts";
import type { Look } from "../look/look.ts";
import "../what-it-did.ts";
import { editorWords } from "./editor-words.ts";

/** So long before its name ends, it is asked for again. */
const RENEW_MS = 5 * 60_000;
const AGAIN_MS = 30_000;

/** The chat as it will be, on a page of this server: the real widget, talking with the draft. */
@customElement("desk-preview")
export class DeskPreview extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  /** Changes with each save of the draft: the chat is loaded anew. */
  @property({ attribute: false }) state = "";
  @property({ attribute: false }) look: Look | undefined;
  @state() private name: string | undefined;
  @state() private problem: ApiProblem | undefined;
  @state() private isDark = document.documentElement.classList.contains("wa-dark");
  @state() private isPhone = false;
  @state() private turn = 0;
  @state() private isTold = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #signedIn = (): void => void this.#open();

  override connectedCallback(): void {
    super.connectedCallback();
    api.addEventListener(SIGNED_IN, this.#signedIn);
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    api.removeEventListener(SIGNED_IN, this.#signedIn);
    clearTimeout(this.#timer);
  }

  /** The same name for another hour: the chat in the frame goes on. */
  async #open(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const { body } = await api.post<OpenPreviewAnswer>(`/assistants/${this.assistantKey}/preview`);
      this.name = body.assistant;
      this.problem = undefined;
      if (this.isConnected) this.#timer = setTimeout(() => void this.#open(), Math.max(AGAIN_MS, body.expiresAt - Date.now() - RENEW_MS));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
      if (this.isConnected && !api.isSignedOut) this.#timer = setTimeout(() => void this.#open(), AGAIN_MS);
    }
  }

  override render() {
    const choice = (label: string, isOn: boolean, choose: () => void) =>
      html`<button type="button" class="quiet" aria-pressed=${isOn ? "true" : "false"} @click=${choose}>${label}</button>`;
    return html`<aside class="preview" aria-label=${editorWords.preview}>
      <div class="preview-bar">
        <div class="segments" role="group" aria-label=${editorWords.previewTheme}>
          ${choice(editorWords.light, !this.isDark, () => (this.isDark = false))}${choice(editorWords.dark, this.isDark, () => (this.isDark = true))}
        </div>
        <div class="segments" role="group" aria-label=${editorWords.previewWidth}>
          ${choice(editorWords.page, !this.isPhone, () => (this.isPhone = false))}${choice(editorWords.phone, this.isPhone, () => (this.isPhone = true))}
        </div>
        <button type="button" class="quiet icon-only" aria-label=${editorWords.reloadPreview} @click=${() => (this.turn += 1)}>
          ${icon("reload")}
        </button>
      </div>
      ${this.problem === undefined ? nothing : html`<p class="field-fault" role="alert">${this.problem.message}</p>`}
      <div class="preview-place" data-phone=${this.isPhone ? "" : nothing}>
        ${this.name === undefined ? skeleton(3) : keyed(`${this.#address} ${this.state} ${this.turn}`, html`<iframe title=${editorWords.preview} src=${this.#address} @load=${opened}></iframe>`)}
      </div>
      <p class="hint">${editorWords.previewHint}</p>
      <details
        class="disclosure preview-did"
        ?open=${this.isTold}
        @toggle=${(event: Event) => (this.isTold = (event.currentTarget as HTMLDetailsElement).open)}
      >
        <summary>${didWords.what}</summary>
        ${this.isTold ? html`<desk-what-it-did .assistantKey=${this.assistantKey}></desk-what-it-did>` : nothing}
      </details>
    </aside>`;
  }

  get #address(): string {
    const { accent, position, lang, label } = this.look ?? {};
    const theme = this.isDark ? "dark" : "light";
    const given = Object.entries({ assistant: this.name, theme, accent, position, lang, label }).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]],
    );
    return `${BASE_PATH}/console/preview?${new URLSearchParams(given).toString()}`;
  }
}

/**
 * The chat is open at once: that is what one wants to see. It is said to be open before it is, as on a page that is loaded
 * anew; so it takes no focus from whoever types here.
 */
function opened(event: Event): void {
  const chat = (event.currentTarget as HTMLIFrameElement).contentDocument?.querySelector<HTMLElement & { open?: () => unknown }>(
    "front-desk",
  );
  chat?.setAttribute("open", "");
  void chat?.open?.();
}
