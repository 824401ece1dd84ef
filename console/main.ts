/** The console: whoever is signed in gets the shell; everybody else, the way in. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api, SIGNED_OUT } from "./api/client.ts";
import { ApiProblem } from "./api/problem.ts";
import { readSelf, type Self } from "./api/sign-in.ts";
import { PageElement } from "./foundation/page-element.ts";
import { PLACE_CHANGED, router } from "./foundation/router.ts";
import { me } from "./foundation/screen.ts";
import { entryWords } from "./screens/entry/entry-words.ts";
import "./screens/entry/entry-screen.ts";
import "./styles/console.css";

type Stage = "loading" | "outside" | "inside" | "ended" | { readonly problem: ApiProblem };

@customElement("desk-console")
export class DeskConsole extends PageElement {
  @state() private stage: Stage = "loading";
  #isEntered = false;

  override connectedCallback(): void {
    super.connectedCallback();
    api.addEventListener(SIGNED_OUT, () => {
      if (this.stage === "inside") this.stage = "ended";
    });
    router.addEventListener(PLACE_CHANGED, () => this.requestUpdate());
    void this.#enter();
  }

  async #enter(): Promise<void> {
    const before = me.self;
    try {
      const self = await readSelf();
      // Another person must not go on with what the one before had open.
      if (before !== undefined && self !== undefined && before.id !== self.id) return location.reload();
      if (self !== undefined && this.stage !== "ended") await import("./shell/console-shell.ts");
      this.#show(self);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.stage = { problem: error };
    }
  }

  #show(self: Self | undefined): void {
    me.self = self;
    this.stage = self === undefined ? "outside" : "inside";
  }

  override render() {
    const link = { "/setup": "setup", "/invitation": "invitation" }[router.place.path];
    if (link !== undefined && this.stage !== "loading" && location.hash.length > 1) return this.#entry(link);
    switch (this.stage) {
      case "loading":
        return nothing;
      case "outside":
        return this.#entry("sign-in");
      case "inside":
      case "ended":
        // The shell stays, with everything that is typed in it.
        return html`<desk-shell .isEntered=${this.#isEntered} ?inert=${this.stage === "ended"}></desk-shell
          >${this.stage === "ended" ? html`<div class="session-ended" role="dialog" aria-modal="true" aria-label=${entryWords.ended}>${this.#entry("ended")}</div>` : nothing}`;
      default:
        return html`<main class="entry">
          <p role="alert">${this.stage.problem.message}</p>
          <button @click=${() => location.reload()}>↻</button>
        </main>`;
    }
  }

  #entry(step: string): TemplateResult {
    const entered = (): void => {
      this.#isEntered = true;
      void this.#enter();
    };
    return html`<desk-entry step=${step} @entered=${entered}></desk-entry>`;
  }
}
