import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { McpServerCard, ReadOauthClientAnswer, TestedMcpServer } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { formatList } from "../../../foundation/format.ts";
import { identifierFrom } from "../../../foundation/key-from-name.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { ask, askToLeave } from "../../../parts/dialogs.ts";
import { focusFirstFault } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { saveBar, showResult } from "../../../parts/save-bar.ts";
import { showPage } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { formWords } from "./form-words.ts";
import { foundTools, leftOutTools, testedTools, testLine, testResult } from "./found-tools.ts";
import { firstTools, testButton } from "./server-card.ts";
import { serverPath } from "./server-path.ts";
import { type FieldsGiven, mainFields, moreFields } from "./server-fields.ts";
import { changeBody, createBody, type Deletion, formOf, NEW_SERVER, type ServerForm, trialBody } from "./server-form.ts";
import { serverHead } from "./server-head.ts";
import { statusReason } from "./server-status.ts";
import { ServerTest } from "./server-test.ts";
import { toolsWords } from "../tools-words.ts";

/** What the page before this one saved, so that this one can say what was found. */
let justSaved: TestedMcpServer | undefined;

const DRAWN = Object.keys(NEW_SERVER).map((name) => `/${name}`);

/** One MCP server's settings; without `key`, a new one's. */
@customElement("desk-mcp-server")
export class DeskMcpServer extends PageElement {
  @property() key = "";
  @state() private saved: TestedMcpServer | undefined;
  #isKeyTyped = false;
  #form = new Form<ServerForm>(this, NEW_SERVER, { mayLeave: askToLeave });
  readonly #server = new Resource<McpServerCard | undefined>(this, { load: (signal) => this.#load(signal) });
  readonly #redirect = new Resource<string>(this, {
    load: async (signal) => (await api.get<ReadOauthClientAnswer>("/mcp-servers/oauth-client", { signal })).body.redirectUrl,
  });
  readonly #test = new ServerTest(this, () => trialBody(this.#form, this.#server.value));

  override connectedCallback(): void {
    super.connectedCallback();
    if (justSaved?.key === this.key) this.saved = justSaved;
    justSaved = undefined;
  }

  override render() {
    return html`<nav class="crumbs"><a href=${router.href("/tools/mcp-servers")}>${toolsWords.servers}</a></nav>
      ${
        this.key === ""
          ? html`<header class="page-head"><h1>${formWords.newTitle}</h1></header>
              <div class="measure">${this.#draw(undefined)}</div>`
          : showPage(
              this.#server,
              (server) =>
                html`${serverHead(server!, "settings")}
                  <div class="measure">${this.#found(server!)}${this.#draw(server)}</div>`,
            )
      }`;
  }

  #draw(server: McpServerCard | undefined): TemplateResult {
    const isReadOnly = server !== undefined && (!server.mayManage || server.source === "file" || !may("servers.write"));
    const given: FieldsGiven = {
      form: this.#form,
      ...(server === undefined ? {} : { server }),
      isReadOnly,
      redirectUrl: this.#redirect.value ?? "",
      changed: () => this.#test.later(),
      left: () => this.#test.soon(),
      named: () => this.#named(),
      keyTyped: () => (this.#isKeyTyped = true),
      tested: isReadOnly ? nothing : testLine(this.#test),
    };
    return html`<form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
        ${isReadOnly && server.source === "api" ? html`<p class="note">${icon("alert")}${formWords.readOnlyFor}</p>` : nothing}
        ${mainFields(given)} ${moreFields(given)}
        ${
          isReadOnly
            ? nothing
            : html`${testedTools(this.#test)}
              ${saveBar(this.#form, {
                label: formWords.save,
                drawn: (path) => DRAWN.some((field) => path === field || path.startsWith(`${field}/`)),
                isNew: server === undefined,
                result: testResult(this.#test, { isOauth: this.#form.get("/auth/kind") === "oauth" }),
                more: testButton({
                  isTesting: this.#test.isPressed && this.#test.state.status === "testing",
                  test: () => void this.#runTest(),
                }),
              })}`
        }
      </form>
      ${server === undefined || isReadOnly ? nothing : html`<section class="group"><button class="danger" @click=${() => void this.#remove(server)}>${formWords.remove}</button></section>`}`;
  }

  /** How it is, and after saving what was found. */
  #found(server: McpServerCard): TemplateResult {
    const { saved } = this;
    return html`<section class="group server-found" aria-live="polite">
      ${saved === undefined ? nothing : html`<h2>${formWords.savedTitle(saved.name)} ${saved.status.status === "connected" ? formWords.found(saved.found.length) : nothing}</h2>`}
      ${statusReason(server)}
      ${saved === undefined || saved.found.length === 0 ? firstTools(server) : html`${foundTools(saved.found)}${leftOutTools(saved.leftOut)}`}
    </section>`;
  }

  async #runTest(): Promise<void> {
    await this.#test.run();
    await showResult(this);
  }

  #named(): void {
    if (this.key === "" && !this.#isKeyTyped) this.#form.set("/key", identifierFrom(this.#form.text("/name")));
  }

  async #load(signal?: AbortSignal): Promise<McpServerCard | undefined> {
    if (this.key === "") return undefined;
    const { body, version } = await api.get<McpServerCard>(`/mcp-servers/${this.key}`, { signal });
    this.#form.rebase(formOf(body), version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const server = this.#server.value;
    this.#test.forget();
    const answer = await form.submit(async () =>
      server === undefined
        ? api.create<TestedMcpServer>("/mcp-servers", createBody(form))
        : api.patch<TestedMcpServer>(`/mcp-servers/${this.key}`, changeBody(form, server), form.version),
    );
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#server.reload();
      await this.updateComplete;
      for (const details of this.querySelectorAll<HTMLDetailsElement>('details:has([aria-invalid="true"])')) details.open = true;
      return focusFirstFault(this);
    }
    if (server === undefined) form.reset();
    else form.done();
    toast(formWords.savedTitle(answer.body.name));
    if (server === undefined) {
      justSaved = answer.body;
      await router.go(serverPath(answer.body.key), { replace: true });
      return;
    }
    this.saved = answer.body;
    await this.#server.reload();
  }

  async #remove({ name }: McpServerCard): Promise<void> {
    try {
      const { assistants, signIns, shares } = (await api.get<Deletion>(`/mcp-servers/${this.key}/deletion`)).body;
      if (assistants.length > 0) {
        const text = formWords.inUseText(formatList(assistants));
        await ask({ title: formWords.inUseTitle(name), text, confirm: formWords.understood });
        return;
      }
      const text = html`<p>${formWords.removeText}</p>
        <p>${formWords.removeCounts(signIns, shares)}</p>`;
      if (!(await ask({ title: formWords.removeTitle(name), text, confirm: formWords.remove, isDangerous: true, typeName: name }))) return;
      await api.delete(`/mcp-servers/${this.key}`, this.#form.version);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      return toastFault(error);
    }
    this.#form.reset();
    await router.go("/tools/mcp-servers");
    toast(formWords.removed(name));
  }
}
