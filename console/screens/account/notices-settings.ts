import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { chooseNotices, chooseSound, hasNotices, hasSound } from "../../foundation/preferences.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { isSoundBlocked, playChime, unlockSound } from "../../parts/chime.ts";
import { type PushState, pushState, subscribe, unsubscribe } from "../../parts/push.ts";
import { toastFault } from "../../parts/toasts.ts";
import { noticesWords } from "./notices-words.ts";

interface Switch {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly on: boolean;
}

/** How this browser tells its user that somebody waits. */
@customElement("desk-notices-settings")
export class DeskNoticesSettings extends PageElement {
  @state() private push: PushState | "asking" = "asking";
  @state() private isBlocked = false;

  override connectedCallback(): void {
    super.connectedCallback();
    pushState().then(
      (found) => (this.push = found),
      () => (this.push = "off"),
    );
  }

  override render() {
    const isOn = hasNotices() && this.push !== "missing" && this.push !== "refused";
    return html`<section class="group" aria-labelledby="notices-title">
      <h2 id="notices-title">${noticesWords.title}</h2>
      <p class="muted">${noticesWords.lead}</p>
      ${this.#switch({ id: "notices", label: noticesWords.notices, hint: noticesWords.noticesHint, on: isOn }, (on) => this.#chooseNotices(on))}
      <p role="status" class="muted">${this.#said()}</p>
      ${this.#switch({ id: "sound", label: noticesWords.sound, hint: noticesWords.soundHint, on: hasSound() }, (on) => this.#chooseSound(on))}
      <p><button type="button" @click=${() => void this.#hear()}>${noticesWords.hear}</button></p>
      <p role="status" class="muted">${this.isBlocked ? noticesWords.blocked : nothing}</p>
    </section>`;
  }

  #said(): string | typeof nothing {
    if (this.push === "missing") return noticesWords.missing;
    if (this.push === "refused") return noticesWords.refused;
    return hasNotices() && this.push === "off" ? noticesWords.onlyOpen : nothing;
  }

  #switch({ id, label, hint, on }: Switch, choose: (on: boolean) => Promise<void>): TemplateResult {
    return html`<div class="field switch-field">
      <label
        ><input
          type="checkbox"
          role="switch"
          .checked=${on}
          aria-describedby="${id}-hint"
          @change=${(event: Event) => void choose((event.currentTarget as HTMLInputElement).checked)}
        />
        <span class="label">${label}</span></label
      >
      <div id="${id}-hint" class="hint">${hint}</div>
    </div>`;
  }

  async #chooseNotices(on: boolean): Promise<void> {
    chooseNotices(on);
    try {
      this.push = on ? await subscribe() : await unsubscribe();
    } catch (error) {
      // A browser without a push service still shows what comes while the console is open.
      this.push = "off";
      if (!on) toastFault(error);
    }
    this.requestUpdate();
  }

  async #chooseSound(on: boolean): Promise<void> {
    chooseSound(on);
    if (on) await this.#hear();
    this.requestUpdate();
  }

  async #hear(): Promise<void> {
    await unlockSound();
    this.isBlocked = isSoundBlocked() || !playChime();
  }
}
