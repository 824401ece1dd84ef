import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Group, Person } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { ask, askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import type { Found } from "../../parts/finder.ts";
import "../../parts/finder.ts";
import "../../parts/more.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { show, showPage } from "../../parts/states.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { peopleWords } from "./people-words.ts";

/** One group: its name, and who is in it. */
@customElement("desk-group")
export class DeskGroup extends PageElement {
  @property() groupId = "";
  #form: Form<Pick<Group, "name" | "description">> | undefined;
  readonly #group = new Resource<Group>(this, { load: async (signal) => this.#load(signal) });
  readonly #members = new PagedList<Person>(this, { from: () => ({ path: `/groups/${this.groupId}/members` }) });

  override render() {
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/people/groups")}>${peopleWords.groups}</a></nav>
      ${showPage(this.#group, (group) => this.#page(group))}
    </div>`;
  }

  #page(group: Group): TemplateResult {
    const form = this.#form!;
    const isReadOnly = !may("groups.write");
    return html`<header class="page-head"><h1>${group.name}</h1></header>
      <form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
        ${textField(form, { path: "/name", label: peopleWords.groupName, isReadOnly })}
        ${textField(form, { path: "/description", label: peopleWords.description, isOptional: true, isReadOnly })}
        ${isReadOnly ? nothing : saveBar(form, { drawn: (path) => path === "/name" || path === "/description" })}
      </form>
      <section class="group">
        <h2>${peopleWords.members}</h2>
        ${isReadOnly || !may("people.read") ? nothing : this.#finder()}
        ${show(this.#members, ({ items, next }) => this.#membersList(items, next !== undefined, isReadOnly))}
      </section>
      ${isReadOnly || this.#members.state.status === "loading" ? nothing : html`<section class="group"><button class="danger" @click=${() => void this.#remove(group)}>${peopleWords.removeGroup}</button></section>`}`;
  }

  #finder(): TemplateResult {
    return html`<desk-finder
      label=${peopleWords.addMember}
      .has=${new Set(this.#members.value?.items.map(({ id }) => id))}
      .find=${find}
      @add=${({ detail: { id, name } }: CustomEvent<Found>) => void this.#change({ id, name }, true)}
    ></desk-finder>`;
  }

  #membersList(members: readonly Person[], hasMore: boolean, isReadOnly: boolean): TemplateResult {
    return html`${members.length === 0 ? html`<p class="muted">${peopleWords.noMembers}</p>` : nothing}
      <ul class="plain-list">
        ${members.map(
          (member) =>
            html`<li>
              <span>${member.name} <span class="muted">${member.email}</span></span>
              ${isReadOnly ? nothing : html`<button class="quiet" aria-label="${peopleWords.takeOut}: ${member.name}" @click=${() => void this.#change(member, false)}>${peopleWords.takeOut}</button>`}
            </li>`,
        )}
      </ul>
      ${hasMore ? html`<desk-more .shown=${members.length} @more=${() => void this.#members.more()}></desk-more>` : nothing}`;
  }

  async #change(person: Pick<Person, "id" | "name">, isIn: boolean): Promise<void> {
    const path = `/groups/${this.groupId}/members/${person.id}`;
    const set = async (inside: boolean): Promise<void> => {
      await (inside ? api.put(path, {}) : api.delete(path));
      await this.#members.reload();
    };
    try {
      await set(isIn);
      toast(isIn ? peopleWords.memberAdded(person.name) : peopleWords.memberOut(person.name), { undo: () => set(!isIn) });
    } catch (error) {
      toastFault(error);
    }
  }

  async #load(signal?: AbortSignal): Promise<Group> {
    const { body, version } = await api.get<Group>(`/groups/${this.groupId}`, { signal });
    const saved = { name: body.name, description: body.description };
    this.#form ??= new Form(this, saved, { mayLeave: askToLeave });
    this.#form.rebase(saved, version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form!;
    const answer = await form.submit(async () => api.patch<Group>(`/groups/${this.groupId}`, form.patch(), form.version));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#group.reload();
      return focusFirstFault(this);
    }
    form.done();
    await this.#group.reload();
    toast(peopleWords.saved(answer.body.name));
  }

  async #remove({ name }: Group): Promise<void> {
    if (
      !(await ask({
        title: peopleWords.removeGroupTitle(name),
        text: peopleWords.removeGroupText,
        confirm: peopleWords.removeGroup,
        isDangerous: true,
        typeName: name,
      }))
    )
      return;
    try {
      await api.delete(`/groups/${this.groupId}`, this.#form?.version);
    } catch (error) {
      return toastFault(error);
    }
    this.#form?.reset();
    await router.go("/people/groups");
    toast(peopleWords.removed(name));
  }
}

async function find(q: string): Promise<readonly Found[]> {
  const { items } = (await api.get<Page<Person>>("/people", { query: { q } })).body;
  return items.map(({ id, name, email }) => ({ kind: "person", id, name, detail: email }));
}
