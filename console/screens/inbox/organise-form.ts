import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Conversation, ListAssigneesAnswer } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { show } from "../../parts/states.ts";
import { change } from "./inbox-actions.ts";
import { inboxRows } from "./inbox-rows.ts";
import { inboxWords } from "./inbox-words.ts";

const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

/** Tags, priority, and whom a conversation is given to. Sends `done`. */
@customElement("desk-organise")
export class DeskOrganise extends PageElement {
  @property({ attribute: false }) conversation!: Conversation;
  readonly #assignees = new Resource<ListAssigneesAnswer>(this, {
    load: async (signal) => (await api.get<ListAssigneesAnswer>("/inbox/assignees", { query: { limit: 200 }, signal })).body,
  });

  override render() {
    const { tags = [], priority = "normal", assignee } = this.conversation;
    const given = assignee === undefined ? "" : `${assignee.kind}/${assignee.id}`;
    return show(this.#assignees, ({ items }) => {
      const all = assignee === undefined || items.some(({ kind, id }) => `${kind}/${id}` === given) ? items : [assignee, ...items];
      return html`<form novalidate @submit=${(event: SubmitEvent) => void this.#send(event)}>
        <div class="field">
          <label class="label" for="organise-tags">${inboxWords.tags}</label>
          <input
            id="organise-tags"
            name="tags"
            autocomplete="off"
            data-begins
            value=${tags.join(", ")}
            aria-describedby="organise-tags-hint"
          />
          <div id="organise-tags-hint" class="hint">${inboxWords.tagsHint}</div>
        </div>
        <div class="field">
          <label class="label" for="organise-priority">${inboxWords.priority}</label>
          <select id="organise-priority" name="priority">
            ${PRIORITIES.map((one) => html`<option value=${one} ?selected=${one === priority}>${inboxWords[one]}</option>`)}
          </select>
        </div>
        <div class="field">
          <label class="label" for="organise-assignee">${inboxWords.assignee}</label>
          <select id="organise-assignee" name="assignee">
            <option value="">${inboxWords.nobody}</option>
            ${all.map(({ kind, id, name }) => html`<option value=${`${kind}/${id}`} ?selected=${`${kind}/${id}` === given}>${name}${kind === "group" ? ` (${inboxWords.group})` : ""}</option>`)}
          </select>
        </div>
        <div class="actions"><button class="primary">${inboxWords.save}</button></div>
      </form>`;
    });
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { id, tags = [], priority = "normal", assignee } = this.conversation;
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    const wanted = [
      ...new Set(
        text("tags")
          .split(",")
          .map((tag) => tag.trim())
          .filter((tag) => tag !== ""),
      ),
    ];
    const addTags = wanted.filter((tag) => !tags.includes(tag));
    const removeTags = tags.filter((tag) => !wanted.includes(tag));
    const before = assignee === undefined ? "" : `${assignee.kind}/${assignee.id}`;
    const given = text("assignee");
    const body = {
      ...(addTags.length > 0 ? { addTags } : {}),
      ...(removeTags.length > 0 ? { removeTags } : {}),
      ...(text("priority") === priority ? {} : { priority: text("priority") }),
      ...(given === before ? {} : { assignee: partsOf(given), was: partsOf(before) }),
    };
    if (Object.keys(body).length > 0) {
      if (!(await change(id, body))) return;
      await inboxRows.refresh(() => true);
    }
    this.dispatchEvent(new CustomEvent("done"));
  }
}

function partsOf(name: string): { readonly kind: string; readonly id: string } | null {
  const at = name.indexOf("/");
  return at === -1 ? null : { kind: name.slice(0, at), id: name.slice(at + 1) };
}
