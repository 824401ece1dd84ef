import { html, nothing } from "lit";
import type { ToolContent } from "../../../protocol/content.ts";
import { callWords } from "../../words/call-words.ts";
import { define } from "../foundation/define.ts";
import { LightElement } from "../foundation/light-element.ts";
import { readCall } from "./read-call.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/**
 * A picture or sound from a tool. Its bytes are fetched when it comes into view and shown through a `blob:` address of
 * the page's own, so no other host is asked for anything.
 */
export class FrontDeskMedia extends LightElement {
  static override properties = {
    callId: { attribute: false },
    index: { attribute: false },
    kind: { attribute: false },
    name: { attribute: false },
    context: { attribute: false },
    content: { attribute: false },
    url: { state: true },
    failed: { state: true },
  };
  declare callId: string;
  /** Which piece of the call's result. */
  declare index: number;
  declare kind: "image" | "audio";
  /** The tool's title, for the description. */
  declare name: string;
  declare context: ThreadContext;
  /** The piece itself, if it is known already. */
  declare content: ToolContent | undefined;
  declare private url: string | undefined;
  declare private failed: boolean;
  #watch: IntersectionObserver | undefined;
  #type = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.failed = false;
    this.#watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#watch?.disconnect();
      void this.#load();
    });
    this.#watch.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch?.disconnect();
    if (this.url !== undefined) URL.revokeObjectURL(this.url);
    this.url = undefined;
  }

  async #load(): Promise<void> {
    try {
      const content = this.content ?? (await readCall(this.context, this.callId)).content[this.index];
      if (content === undefined || !("data" in content) || content.kind !== this.kind)
        throw new TypeError("The result has no such picture or sound.");
      if (!this.isConnected) return;
      this.#type = typeOf(content.mimeType);
      this.url = URL.createObjectURL(new Blob([bytesOf(content.data)], { type: this.#type }));
    } catch {
      this.failed = true;
    }
  }

  protected override render(): unknown {
    const words = callWords(this.context.words);
    if (this.failed)
      return html`<p class="quiet">${words.mediaFailed} <button class="link" @click=${this.#again}>${words.tryAgain}</button></p>`;
    if (this.kind === "audio")
      return this.url === undefined
        ? html`<div class="frame sound"></div>`
        : html`<audio controls src=${this.url} aria-label=${words.sound(this.name)}></audio>`;
    return html`<div class="frame">
      ${this.url === undefined ? nothing : html`<img src=${this.url} alt=${words.picture(this.name)} @load=${this.#drawn} @error=${() => (this.failed = true)} />`}
    </div>`;
  }

  /**
   * Such a picture, opened in a tab of its own, is a document of the page's origin, and its scripts run there. So the
   * address ends once it is drawn.
   */
  readonly #drawn = (): void => {
    if (this.#type === DRAWING && this.url !== undefined) URL.revokeObjectURL(this.url);
  };

  readonly #again = (): void => {
    this.failed = false;
    void this.#load();
  };
}

/** Kinds that are never more than a picture or a sound, even in a tab of their own. */
const HARMLESS = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp)|audio\/[\w.+-]+)$/i;
const DRAWING = "image/svg+xml";

/**
 * The kind under which the bytes may have an address of the page's own: a server may call a whole web page a picture.
 */
function typeOf(mimeType: string): string {
  const [type = ""] = mimeType.trim().toLowerCase().split(/\s*;/);
  return HARMLESS.test(type) || type === DRAWING ? type : "application/octet-stream";
}

/** Base64 to bytes. A loop, because a callback per byte takes a noticeable time for a photograph. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

define("front-desk-media", FrontDeskMedia);
