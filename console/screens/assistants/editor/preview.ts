import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
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
import { editorWords } from "./editor-words.ts";

/** So long before its name ends, it is asked for again. */
const RENEW_MS = 5 * 60_000;
const AGAIN_MS = 30_000;
/** The lowest that it goes: below the top line, and a little air. */
const HEADER = 68;

/** The chat as it will be, on a page of this server: the real widget, talking with the draft. */
@customElement("desk-preview")
export class DeskPreview extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  /** Changes with each save of the draft: the chat is loaded anew. */
  @property({ attribute: false }) state = "";
  @property({ attribute: false }) look: Look | undefined;
  /** As it is saved in the draft: only a conversation that begins shows it. */
  @property() greeting = "";
  /** What is typed is not saved, and so not in here. */
  @property({ type: Boolean }) isBehind = false;
  @state() private name: string | undefined;
  @state() private problem: ApiProblem | undefined;
  @state() private isDark = document.documentElement.classList.contains("wa-dark");
  @state() private isPhone = false;
  @state() private turn = 0;
  @state() private isTold = true;
  /** What the draft did is below the chat, and its file comes after everything above. */
  @state() private canTell = false;
  @state() private isGreetingOld = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #signedIn = (): void => void this.#open();

  override connectedCallback(): void {
    super.connectedCallback();
    api.addEventListener(SIGNED_IN, this.#signedIn);
    addEventListener("scroll", this.#fit, { passive: true });
    addEventListener("resize", this.#fit);
    void this.#open();
    void import("../what-it-did.ts").then(() => (this.canTell = true));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    api.removeEventListener(SIGNED_IN, this.#signedIn);
    removeEventListener("scroll", this.#fit);
    removeEventListener("resize", this.#fit);
    clearTimeout(this.#timer);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("greeting") && changed.get("greeting") !== undefined) this.isGreetingOld = true;
  }

  override updated(): void {
    this.#fit();
  }

  /** Beside the settings it is as high as the window leaves room for, wherever one has scrolled to. */
  readonly #fit = (): void => {
    const top = this.parentElement?.getBoundingClientRect().top ?? 0;
    this.style.setProperty("--preview-top", `${Math.max(HEADER, Math.round(top))}px`);
  };

  /** Leaves the conversation, so that another begins. */
  #startAnew(): void {
    this.isGreetingOld = false;
    chatIn(this.querySelector("iframe"))?.newConversation?.();
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
        <div class="segments preview-width" role="group" aria-label=${editorWords.previewWidth}>
          ${choice(editorWords.page, !this.isPhone, () => (this.isPhone = false))}${choice(editorWords.phone, this.isPhone, () => (this.isPhone = true))}
        </div>
        <button type="button" class="quiet icon-only" aria-label=${editorWords.reloadPreview} @click=${() => (this.turn += 1)}>
          ${icon("reload")}
        </button>
      </div>
      ${this.isBehind ? html`<p class="note preview-behind" data-tone="warning"><span>${editorWords.previewBehind}</span></p>` : nothing}
      <div role="status">
        ${
          this.isGreetingOld
            ? html`<p class="note">
                <span>${editorWords.greetingChanged}</span>
                <button type="button" @click=${() => this.#startAnew()}>${editorWords.startAnew}</button>
              </p>`
            : nothing
        }
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
        ${this.isTold ? this.#told() : nothing}
      </details>
    </aside>`;
  }

  #told(): TemplateResult {
    return this.canTell ? html`<desk-what-it-did .assistantKey=${this.assistantKey}></desk-what-it-did>` : skeleton(2);
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
  const chat = chatIn(event.currentTarget as HTMLIFrameElement);
  chat?.setAttribute("open", "");
  void chat?.open?.();
}

type Chat = HTMLElement & { readonly open?: () => unknown; readonly newConversation?: () => unknown };

function chatIn(frame: HTMLIFrameElement | null): Chat | null | undefined {
  return frame?.contentDocument?.querySelector<Chat>("front-desk");
}
