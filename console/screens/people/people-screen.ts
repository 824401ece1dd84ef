import { html } from "lit";
import { customElement } from "lit/decorators.js";
import type { Group, Person } from "../../api/types.ts";
import { formatList } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { whenAsked } from "../../foundation/when-asked.ts";
import { icon } from "../../parts/icon.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago, status, type Tone } from "../../parts/status.ts";
import { tabs } from "../../parts/tabs.ts";
import { inviteSomebody } from "./invite-form.ts";
import { makeGroup } from "./group-form.ts";
import { peopleWords } from "./people-words.ts";
import { ROLE_NAMES } from "./role-choices.ts";

const STATUS: Readonly<Record<Person["status"], readonly [Tone, string]>> = {
  active: ["good", peopleWords.active],
  invited: ["neutral", peopleWords.invited],
  disabled: ["bad", peopleWords.disabled],
};

const PEOPLE: readonly Column<Person>[] = [
  { label: peopleWords.name, width: "minmax(140px, 2fr)", cell: ({ name }) => name },
  { label: peopleWords.email, width: "minmax(140px, 2fr)", isSecondary: true, cell: ({ email }) => email },
  { label: peopleWords.roles, width: "minmax(100px, 1fr)", cell: ({ roles }) => formatList(roles.map((role) => ROLE_NAMES[role])) },
  { label: peopleWords.status, width: "110px", cell: ({ status: is }) => status(...STATUS[is]) },
  { label: peopleWords.since, width: "110px", isSecondary: true, cell: ({ createdAt }) => ago(createdAt) },
];

const GROUPS: readonly Column<Group>[] = [
  { label: peopleWords.groupName, width: "minmax(140px, 1fr)", cell: ({ name }) => name },
  { label: peopleWords.description, width: "minmax(140px, 2fr)", cell: ({ description }) => description },
];

/** Who works here, in two tabs: people and groups. */
@customElement("desk-people")
export class DeskPeople extends PageElement {
  readonly #people = new PagedList<Person>(this, { from: () => ({ path: "/people", query: { q: this.#words } }) });

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  constructor() {
    super();
    whenAsked(this, "invite", () => this.#invite());
  }

  #invite(): void {
    void inviteSomebody(() => void this.#people.reload());
  }

  override render() {
    return html`<header class="page-head">
        <h1>${peopleWords.title}</h1>
        ${may("people.write") ? html`<div class="actions"><button class="primary" @click=${() => this.#invite()}>${icon("plus")}${peopleWords.invite}</button></div>` : ""}
        <p>${peopleWords.lead}</p>
      </header>
      ${peopleTabs("people")}
      <div class="toolbar">${searchField(peopleWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#people, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "search", title: peopleWords.noPeople, text: peopleWords.noPeopleText })
          : html`<desk-table
              label=${peopleWords.title}
              .columns=${PEOPLE}
              .rows=${items}
              .rowKey=${({ id }: Person) => id}
              .href=${({ id }: Person) => router.href(`/people/${id}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#people.more()}
            ></desk-table>`,
      )}`;
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#people.reload();
  }
}

@customElement("desk-groups")
export class DeskGroups extends PageElement {
  readonly #groups = new PagedList<Group>(this, { from: () => ({ path: "/groups", query: { q: this.#words } }) });

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  override render() {
    const mayWrite = may("groups.write");
    const make = html`<button class="primary" @click=${() => void makeGroup()}>${icon("plus")}${peopleWords.newGroup}</button>`;
    return html`<header class="page-head">
        <h1>${peopleWords.title}</h1>
        ${mayWrite ? html`<div class="actions">${make}</div>` : ""}
        <p>${peopleWords.groupsLead}</p>
      </header>
      ${peopleTabs("groups")}
      <div class="toolbar">${searchField(peopleWords.searchGroups, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#groups, ({ items, next }) =>
        items.length === 0
          ? this.#words !== undefined
            ? emptyState({ icon: "search", title: peopleWords.noGroupFits, text: peopleWords.noGroupFitsText })
            : emptyState({
                icon: "people",
                title: peopleWords.noGroups,
                text: peopleWords.noGroupsText,
                ...(mayWrite ? { action: make } : {}),
              })
          : html`<desk-table
              label=${peopleWords.groups}
              .columns=${GROUPS}
              .rows=${items}
              .rowKey=${({ id }: Group) => id}
              .href=${({ id }: Group) => router.href(`/people/groups/${id}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#groups.more()}
            ></desk-table>`,
      )}`;
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#groups.reload();
  }
}

function peopleTabs(current: "people" | "groups") {
  return tabs(peopleWords.title, [
    { label: peopleWords.title, href: router.href("/people"), isCurrent: current === "people" },
    { label: peopleWords.groups, href: router.href("/people/groups"), isCurrent: current === "groups" },
  ]);
}
