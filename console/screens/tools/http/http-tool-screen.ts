import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, type Answer } from "../../../api/client.ts";
import type { HttpTool, HttpToolDraft } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { ask, askToLeave } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { focusFirstFault } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { showPage } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import "./http-tool-begin.ts";
import { toolFields } from "./http-tool-fields.ts";
import { type HttpToolForm, isFaults, NEW_TOOL, takeDraft, toolBody, toolForm } from "./http-tool-form.ts";
import { mayManageHttpTools } from "./http-tools-access.ts";
import { httpWords } from "./http-words.ts";
import { toolsWords } from "../tools-words.ts";
import "../try/try-it.ts";

const DRAWN = Object.keys(NEW_TOOL).map((name) => `/${name}`);

/** One HTTP tool; without `name`, a new one. */
@customElement("desk-http-tool")
export class DeskHttpTool extends PageElement {
  @property() name = "";
  readonly #form = new Form<HttpToolForm>(this, NEW_TOOL, { mayLeave: askToLeave });
  readonly #manages = new Resource<boolean>(this, { load: mayManageHttpTools });
  readonly #tool = new Resource<HttpTool | undefined>(this, { load: (signal) => this.#load(signal) });

  override render() {
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/tools/http-tools")}>${toolsWords.httpTools}</a></nav>
      ${
        this.name === ""
          ? html`<header class="page-head"><h1>${httpWords.newTool}</h1></header>
              <desk-http-begin @drafted=${(event: CustomEvent<HttpToolDraft>) => void this.#take(event.detail)}></desk-http-begin>
              ${this.#draw(undefined)}`
          : showPage(this.#tool, (tool) => this.#page(tool!))
      }
    </div>`;
  }

  #page(tool: HttpTool): TemplateResult {
    return html`<header class="page-head">
        <h1>${tool.title ?? tool.name}</h1>
        <p>${httpWords.modelName} <code>${tool.modelName}</code></p>
      </header>
      ${
        router.place.query.has("made")
          ? html`<p class="note" data-tone="good">
              ${icon("done")}<span>${httpWords.unused} <a href=${router.href("/assistants")}>${httpWords.toAssistants}</a></span>
            </p>`
          : nothing
      }
      ${this.#draw(tool)}
      ${
        may("servers.test")
          ? html`${this.#form.isDirty ? html`<p class="note" data-tone="warning">${httpWords.saveFirst}</p>` : nothing}
              <desk-try .path=${`/http-tools/${tool.name}/try`} .schema=${tool.parameters}></desk-try>`
          : nothing
      }
      ${this.#manages.value === true ? html`<section class="group"><button class="danger" @click=${() => void this.#remove(tool)}>${httpWords.remove}</button></section>` : nothing}`;
  }

  #draw(tool: HttpTool | undefined): TemplateResult {
    const isReadOnly = tool !== undefined && this.#manages.value !== true;
    return html`<form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
      ${toolFields(this.#form, { isNew: tool === undefined, isReadOnly })}
      ${isReadOnly ? nothing : saveBar(this.#form, { drawn: (path) => DRAWN.some((field) => path === field || path.startsWith(`${field}/`)), isNew: tool === undefined })}
    </form>`;
  }

  async #take({ draft, faults }: HttpToolDraft): Promise<void> {
    if (draft === undefined) return;
    takeDraft(this.#form, draft);
    this.#form.refuse(faults);
    await this.updateComplete;
    if (faults.length > 0) focusFirstFault(this.querySelector(":scope form") ?? this);
    else this.querySelector<HTMLElement>("#field-name")?.focus();
  }

  async #load(signal?: AbortSignal): Promise<HttpTool | undefined> {
    if (this.name === "") return undefined;
    const { body, version } = await api.get<HttpTool>(`/http-tools/${this.name}`, { signal });
    this.#form.rebase(toolForm(body), version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const tool = this.#tool.value;
    const body = toolBody(form, tool);
    const answer = isFaults(body) ? form.refuse(body) : await form.submit(() => this.#send(body, tool));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#tool.reload();
      await this.updateComplete;
      for (const details of this.querySelectorAll<HTMLDetailsElement>('details:has([aria-invalid="true"])')) details.open = true;
      return focusFirstFault(this);
    }
    if (tool === undefined) form.reset();
    else form.done();
    toast(httpWords.saved(answer.body.title ?? answer.body.name));
    if (tool === undefined) await router.go(`/tools/http-tools/${answer.body.name}`, { replace: true, query: { made: "1" } });
    else await this.#tool.reload();
  }

  #send(body: Record<string, unknown>, tool: HttpTool | undefined): Promise<Answer<HttpTool>> {
    return tool === undefined
      ? api.create<HttpTool>("/http-tools", body)
      : api.patch<HttpTool>(`/http-tools/${tool.name}`, body, this.#form.version);
  }

  async #remove({ name, title = name }: HttpTool): Promise<void> {
    const { removeTitle, removeText, remove } = httpWords;
    if (!(await ask({ title: removeTitle(title), text: removeText, confirm: remove, isDangerous: true, typeName: title }))) return;
    try {
      await api.delete(`/http-tools/${name}`, this.#form.version);
    } catch (error) {
      return toastFault(error);
    }
    this.#form.reset();
    await router.go("/tools/http-tools");
    toast(httpWords.removed(title));
  }
}
