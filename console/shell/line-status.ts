import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { PageElement } from "../foundation/page-element.ts";
import { may } from "../foundation/screen.ts";
import { LINE_CHANGED, line } from "../line/staff-line.ts";
import { status } from "../parts/status.ts";
import { shellWords } from "./shell-words.ts";

/** Says whether what is on the screen changes by itself. Loaded, like the line itself, once the first screen stands. */
@customElement("desk-line-status")
export class DeskLineStatus extends PageElement {
  readonly #changed = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    // Whoever may read no conversation hears at least that their session has ended.
    line.start();
    line.addEventListener(LINE_CHANGED, this.#changed);
    addEventListener("offline", this.#changed);
    addEventListener("online", this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    line.removeEventListener(LINE_CHANGED, this.#changed);
    removeEventListener("offline", this.#changed);
    removeEventListener("online", this.#changed);
  }

  override render() {
    if (!may("conversations.read")) return nothing;
    const shown = (tone: Parameters<typeof status>[0], word: string, why: string) => html`<span title=${why}>${status(tone, word)}</span>`;
    if (!navigator.onLine) return shown("bad", shellWords.lineOffline, shellWords.lineOfflineWhy);
    switch (line.state) {
      case "connected":
        return shown("good", shellWords.lineLive, shellWords.lineLiveWhy);
      case "reconnecting":
        return shown("warning", shellWords.lineReconnecting, shellWords.lineReconnectingWhy);
      case "resting":
      case "connecting":
        return shown("busy", shellWords.lineConnecting, shellWords.lineReconnectingWhy);
      case "ended":
        return nothing;
    }
  }
}
