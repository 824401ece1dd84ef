/** The console: whoever is signed in gets the shell; everybody else, the way in. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api, SIGNED_OUT } from "./api/client.ts";
import { ApiProblem } from "./api/problem.ts";
import { HAS_SESSION, readSelf, type Self } from "./api/sign-in.ts";
import { PageElement } from "./foundation/page-element.ts";
import { PLACE_CHANGED, router } from "./foundation/router.ts";
import { sayProblems } from "./foundation/problem-words.ts";
import { me } from "./foundation/screen.ts";
import { entryWords } from "./screens/entry/entry-words.ts";
import "./screens/entry/entry-screen.ts";
import "./styles/console.css";

sayProblems();

/** The question whether a program may come in. */
const ALLOW = "/allow";

type Stage = "loading" | "outside" | "inside" | "ended" | { readonly problem: ApiProblem };

function refuseWaiting(event: Event): void {
  const target = event.composedPath()[0];
  if (!(target instanceof Element) || target.closest('button[aria-disabled="true"]') === null) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

async function loadShell(): Promise<void> {
  await import("./shell/console-shell.ts");
}

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
    // A button that must wait keeps the focus, which `disabled` would drop.
    addEventListener("click", refuseWaiting, { capture: true });
    // Without a session there is nobody to ask for.
    if (HAS_SESSION) void this.#enter();
    else this.#show(undefined);
  }

  async #enter(): Promise<void> {
    const before = me.self;
    try {
      const [self] = await Promise.all([readSelf(), HAS_SESSION ? loadShell() : undefined]);
      // Another person must not go on with what the one before had open, nor be asked whether to.
      if (before !== undefined && self !== undefined && before.id !== self.id) {
        router.unguard();
        return location.reload();
      }
      if (self !== undefined && this.stage !== "ended") await loadShell();
      this.#show(self);
    } catch (error) {
      // Anything else is a file that did not come.
      const problem = error instanceof ApiProblem ? error : new ApiProblem({ status: 0, code: "offline", title: entryWords.partMissing });
      this.stage = { problem };
    }
  }

  #show(self: Self | undefined): void {
    me.self = self;
    // Closed first, so that the focus returns to where it was.
    if (self !== undefined) this.querySelector<HTMLDialogElement>("dialog.session-ended")?.close();
    this.stage = self === undefined ? "outside" : "inside";
    if (self !== undefined) api.signedIn();
  }

  override render() {
    const link = { "/setup": "setup", "/invitation": "invitation" }[router.place.path];
    if (link !== undefined && this.stage !== "loading" && location.hash.length > 1) return this.#entry(link);
    const { path, query } = router.place;
    // What is wrong with what a program asked is said to whoever comes.
    if (path === ALLOW && query.has("error") && !query.has("sig")) return this.#allow();
    switch (this.stage) {
      case "loading":
        return nothing;
      case "outside":
        return this.#entry("sign-in");
      case "inside":
      case "ended":
        // The shell stays, with everything that is typed in it and in its dialogs.
        return html`${path === ALLOW ? this.#allow() : html`<desk-shell .isEntered=${this.#isEntered}></desk-shell>`}${
          this.stage === "ended" ? this.#ended() : nothing
        }`;
      default:
        return html`<main class="entry">
          <p role="alert">${this.stage.problem.message}</p>
          <button @click=${() => location.reload()}>${entryWords.reload}</button>
        </main>`;
    }
  }

  /** It stands alone, without the shell. */
  #allow(): TemplateResult {
    void import("./screens/allow/allow-screen.ts");
    return html`<desk-allow></desk-allow>`;
  }

  /** Above every dialog that is open; Escape does not close it. */
  #ended(): TemplateResult {
    const stay = (event: Event): void => event.preventDefault();
    return html`<dialog class="session-ended" aria-label=${entryWords.ended} @cancel=${stay} @close=${() => this.requestUpdate()}>
      ${this.#entry("ended")}
    </dialog>`;
  }

  override updated(): void {
    const dialog = this.querySelector<HTMLDialogElement>("dialog.session-ended");
    if (dialog?.open === false) dialog.showModal();
  }

  #entry(step: string): TemplateResult {
    const entered = (): void => {
      this.#isEntered = true;
      void this.#enter();
    };
    return html`<desk-entry step=${step} @entered=${entered}></desk-entry>`;
  }
}
