import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { CannedReply } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { ask, askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { showPage } from "../../parts/states.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { cannedWords } from "./canned-words.ts";

/** One canned reply. */
@customElement("desk-canned-reply")
export class DeskCannedReply extends PageElement {
  @property() replyId = "";
  #form: Form<Pick<CannedReply, "name" | "text">> | undefined;
  readonly #reply = new Resource<CannedReply>(this, { load: async (signal) => this.#load(signal) });

  override render() {
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/canned-replies")}>${cannedWords.title}</a></nav>
      ${showPage(this.#reply, (reply) => this.#page(reply))}
    </div>`;
  }

  #page(reply: CannedReply): TemplateResult {
    const form = this.#form!;
    const isReadOnly = !may("conversations.write");
    return html`<header class="page-head"><h1>${reply.name}</h1></header>
      <form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
        ${textField(form, { path: "/name", label: cannedWords.name, hint: cannedWords.nameHint, isReadOnly })}
        ${textField(form, { path: "/text", label: cannedWords.text, hint: cannedWords.textHint, lines: 8, isReadOnly })}
        ${isReadOnly ? nothing : saveBar(form, { drawn: (path) => path === "/name" || path === "/text" })}
      </form>
      ${isReadOnly ? nothing : html`<section class="group"><button class="danger" @click=${() => void this.#remove(reply)}>${cannedWords.remove}</button></section>`}`;
  }

  async #load(signal?: AbortSignal): Promise<CannedReply> {
    const { body, version } = await api.get<CannedReply>(`/canned-replies/${this.replyId}`, { signal });
    const saved = { name: body.name, text: body.text };
    this.#form ??= new Form(this, saved, { mayLeave: askToLeave });
    this.#form.rebase(saved, version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form!;
    const answer = await form.submit(async () => api.patch<CannedReply>(`/canned-replies/${this.replyId}`, form.patch(), form.version));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#reply.reload();
      return focusFirstFault(this);
    }
    form.done();
    await this.#reply.reload();
    toast(cannedWords.saved(answer.body.name));
  }

  async #remove({ name }: CannedReply): Promise<void> {
    const { removeTitle, removeText: text, remove: confirm } = cannedWords;
    if (!(await ask({ title: removeTitle(name), text, confirm, isDangerous: true }))) return;
    try {
      await api.delete(`/canned-replies/${this.replyId}`, this.#form?.version);
    } catch (error) {
      return toastFault(error);
    }
    this.#form?.reset();
    await router.go("/canned-replies");
    toast(cannedWords.removed(name));
  }
}
