import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import { providerAddress, readEntry, signIn } from "../../api/sign-in.ts";
import type { ReadEntryAnswer, ReadInvitationAnswer } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { entryForm, type EntryField } from "./entry-form.ts";
import { entryWords } from "./entry-words.ts";

const EMAIL: EntryField = { name: "email", label: entryWords.email, type: "email", autocomplete: "username" };
const NEW_PASSWORD: EntryField = {
  name: "password",
  label: entryWords.password,
  type: "password",
  autocomplete: "new-password",
  hint: entryWords.passwordHint,
};

/**
 * The way in: signing in, the first admin, and a password for whoever was invited. Tells `entered` when somebody is in.
 * What follows the `#` of a one-time link leaves the browser only in the body of one request.
 */
@customElement("desk-entry")
export class DeskEntry extends PageElement {
  @property() step: "sign-in" | "setup" | "invitation" | "ended" = "sign-in";
  @state() private entry: ReadEntryAnswer | undefined;
  @state() private isSending = false;
  @state() private problem: ApiProblem | undefined;
  @state() private isPasswordSet = false;
  /** Whom the link invites. */
  @state() private invited: ReadInvitationAnswer | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.step === "invitation" && location.hash.length > 1) void this.#readInvitation(location.hash.slice(1));
    if (this.step !== "sign-in" && this.step !== "ended") return;
    readEntry().then(
      (entry) => (this.entry = entry),
      (error: unknown) => (this.problem = error instanceof ApiProblem ? error : undefined),
    );
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>("[data-begins]")?.focus();
  }

  override render() {
    const step = this.isPasswordSet ? "sign-in" : this.step;
    return html`<main class="entry">
      <p class="brand">${entryWords.product}</p>
      ${step === "sign-in" || step === "ended" ? this.#signIn() : this.#link(step)}
    </main>`;
  }

  #signIn(): TemplateResult {
    const refused = router.place.query.has("error") && this.problem === undefined ? entryWords.notAllowedByProvider : undefined;
    const isEnded = this.step === "ended";
    return html`<h1>${isEnded ? entryWords.ended : entryWords.title}</h1>
      ${isEnded ? html`<p>${entryWords.endedText}</p>` : nothing}
      ${router.place.path === "/allow" ? html`<p>${entryWords.forProgram}</p>` : nothing}
      ${this.isPasswordSet ? html`<p role="status">${entryWords.ready}</p>` : nothing}
      ${this.entry?.firstAdmin === true ? html`<p>${entryWords.noAdmin}</p>` : nothing}
      ${entryForm({
        fields: [
          this.invited === undefined ? EMAIL : { ...EMAIL, value: this.invited.email },
          { name: "password", label: entryWords.password, type: "password", autocomplete: "current-password" },
        ],
        button: this.isSending ? entryWords.signingIn : entryWords.signIn,
        isSending: this.isSending,
        problem: this.problem,
        said: this.problem === undefined ? refused : saidOf(this.problem),
        submit: ({ email = "", password = "" }) => void this.#enter(async () => signIn(email, password)),
      })}
      ${
        this.entry?.oidc === undefined
          ? nothing
          : html`<p class="or"><span>${entryWords.or}</span></p>
              <button class="wide" @click=${() => void this.#withProvider()}>${entryWords.continueWith(this.entry.oidc.name)}</button>`
      }
      <p class="muted">${entryWords.forgotten}</p>`;
  }

  #link(step: "setup" | "invitation"): TemplateResult {
    const token = location.hash.slice(1);
    const isSetup = step === "setup";
    return html`<h1>${isSetup ? entryWords.setupTitle : entryWords.invitationTitle}</h1>
      <p>${isSetup ? entryWords.setupText : this.#invitationText()}</p>
      ${
        token === ""
          ? html`<p role="alert" class="form-fault">${entryWords.incomplete}</p>`
          : entryForm({
              fields: isSetup
                ? [
                    { name: "name", label: entryWords.name, type: "text", autocomplete: "name" },
                    { ...EMAIL, hint: entryWords.emailHint },
                    NEW_PASSWORD,
                  ]
                : [NEW_PASSWORD],
              button: this.isSending
                ? isSetup
                  ? entryWords.makingAdmin
                  : entryWords.settingPassword
                : isSetup
                  ? entryWords.makeAdmin
                  : entryWords.setPassword,
              isSending: this.isSending,
              problem: this.problem,
              said: this.problem === undefined || this.problem.faults.length > 0 ? undefined : this.problem.message,
              submit: (values) => void (isSetup ? this.#makeAdmin(token, values) : this.#setPassword(token, values)),
            })
      }`;
  }

  #invitationText(): string {
    return this.invited === undefined ? entryWords.invitationText : entryWords.invitationOf(this.invited.name, this.invited.email);
  }

  /** A link that is over is said at once, before a password is thought of. */
  async #readInvitation(token: string): Promise<void> {
    try {
      this.invited = (await api.post<ReadInvitationAnswer>("/invitations/read", { token })).body;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
    }
  }

  async #makeAdmin(token: string, { name = "", email = "", password = "" }: Readonly<Record<string, string>>): Promise<void> {
    await this.#enter(async () => {
      await api.post("/setup", { token, name, email, password });
      await signIn(email, password);
      await router.go("/first-run", { replace: true });
    });
  }

  async #setPassword(token: string, { password = "" }: Readonly<Record<string, string>>): Promise<void> {
    const done = await this.#send(async () => {
      await api.post("/invitations/accept", { token, password });
    });
    if (!done) return;
    // The link is used up; it must not stay in the address, where it would be copied.
    await router.go("/", { replace: true });
    this.entry = await readEntry().catch(() => undefined);
    this.isPasswordSet = true;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-begins]")?.focus();
  }

  async #withProvider(): Promise<void> {
    await this.#send(async () => {
      location.assign(await providerAddress(returnAddress()));
    });
  }

  async #enter(enter: () => Promise<void>): Promise<void> {
    if (await this.#send(enter)) this.dispatchEvent(new CustomEvent("entered"));
  }

  async #send(send: () => Promise<void>): Promise<boolean> {
    if (this.isSending) return false;
    this.isSending = true;
    this.problem = undefined;
    try {
      await send();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
      return false;
    } finally {
      this.isSending = false;
      await this.updateComplete;
      this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }
}

/** Where the person wanted to go, without what the provider answered before. */
function returnAddress(): string {
  const address = new URL(location.href);
  address.hash = "";
  for (const name of ["error", "error_description"]) address.searchParams.delete(name);
  return address.href;
}

function saidOf(problem: ApiProblem): string {
  if (problem.code === "INVALID_EMAIL_OR_PASSWORD" || problem.code === "INVALID_EMAIL") return entryWords.wrong;
  return problem.code === "offline" ? entryWords.unreachable : problem.message;
}
