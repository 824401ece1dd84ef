import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { may, me } from "../../../foundation/screen.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { focusFirstFault } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { menu } from "../../../parts/menu.ts";
import { showPage, skeleton } from "../../../parts/states.ts";
import { badge } from "../../../parts/status.ts";
import { tabs } from "../../../parts/tabs.ts";
import { toast } from "../../../parts/toasts.ts";
import { deleteAssistant, duplicateAssistant, giveAway } from "./assistant-actions.ts";
import { AssistantData, type Opened } from "./assistant-data.ts";
import "./draft-bar.ts";
import { editorWords } from "./editor-words.ts";
import "./preview.ts";
import { setupTab } from "./setup-tab.ts";

const TABS = ["setup", "look", "tools", "devices", "identity", "voice", "versions", "health", "install"] as const;
type Tab = (typeof TABS)[number];

/** The tabs that have a file of their own, loaded when one of them is opened. */
const LATER: Readonly<Partial<Record<Tab, () => Promise<unknown>>>> = {
  look: () => import("../look/look-tab.ts"),
  tools: () => import("../tools/tools-tab.ts"),
  devices: () => import("../devices/devices-tab.ts"),
  identity: () => import("../identity/identity-tab.ts"),
  voice: () => import("../voice/voice-tab.ts"),
  versions: () => import("../versions/versions-tab.ts"),
  health: () => import("./health-tab.ts"),
  install: () => import("../install/install.ts"),
};

/** One assistant: its tabs have addresses, and what was typed in one stays while another is looked at. */
@customElement("desk-assistant")
export class DeskAssistant extends PageElement {
  @property() assistantKey = "";
  @property() tab = "setup";
  @property() server = "";
  @state() private isPreviewOpen = false;
  readonly #loaded = new Set(["setup"]);
  #hasTabs = false;
  #shownAt: string | undefined;
  readonly #data: AssistantData = new AssistantData(this, () => this.assistantKey);
  readonly #opened = new Resource<Opened>(this, { load: (signal) => this.#data.load(signal) });

  override willUpdate(): void {
    const load = LATER[this.tab as Tab];
    if (load === undefined || this.#loaded.has(this.tab)) return;
    const { tab } = this;
    // Drawn when its file is there: what an element is given before it is defined, it gets too late.
    void load().then(() => {
      this.#loaded.add(tab);
      this.requestUpdate();
    });
  }

  override updated(changed: PropertyValues<this>): void {
    const tab = this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    // Where not all tabs fit, the chosen one is in view.
    if (tab !== null && (changed.has("tab") || !this.#hasTabs)) tab.parentElement!.scrollLeft = tab.offsetLeft - tab.offsetWidth;
    this.#hasTabs = tab !== null;
    this.#goToPart();
  }

  /** A link may lead to a part of the page. */
  #goToPart(): void {
    const at = router.place.query.get("at");
    if (at === null || this.#shownAt === at) return;
    const part = this.querySelector<HTMLElement>(`#${CSS.escape(at)}`);
    if (part === null) return;
    this.#shownAt = at;
    part.closest("details")?.setAttribute("open", "");
    part.scrollIntoView({ block: "center" });
    part.querySelector<HTMLElement>("input, select, textarea")?.focus({ preventScroll: true });
  }

  override render() {
    return html`<nav class="crumbs"><a href=${router.href("/assistants")}>${editorWords.assistants}</a></nav>
      ${showPage(
        this.#opened,
        (opened) => this.#page(opened),
        () => html`<div class="editor-waiting">${skeleton(3)}${skeleton(8)}</div>`,
      )}`;
  }

  #page(opened: Opened): TemplateResult {
    const { assistant, draft } = opened;
    const hasPreview = draft !== undefined && (this.tab === "setup" || this.tab === "look");
    return html`<header class="page-head">
        <h1>${assistant.name}</h1>
        <div class="actions">
          ${hasPreview ? html`<button class="only-without-column" aria-expanded=${this.isPreviewOpen ? "true" : "false"} @click=${() => (this.isPreviewOpen = !this.isPreviewOpen)}>${icon("eye")}${this.isPreviewOpen ? editorWords.showSettings : editorWords.preview}</button>` : nothing}
          ${this.#menu(opened)}
        </div>
        <p class="assistant-facts">
          <code>${assistant.key}</code>
          ${assistant.owner === undefined ? nothing : html`<span>${editorWords.ownedBy(assistant.owner.name)}</span>`}
          ${draft?.exists === true ? badge(editorWords.draft, "warning") : nothing}
        </p>
      </header>
      ${assistant.source === "file" ? html`<div class="note">${icon("file")}<span>${editorWords.inFile(assistant.key)}</span></div>` : draft === undefined ? html`<div class="note">${icon("eye")}<span>${editorWords.notYours}</span></div>` : nothing}
      ${tabs(editorWords.tabsOf(assistant.name), this.#tabs(opened))}
      ${
        draft?.exists === true
          ? html`<desk-draft-bar
              .draft=${draft}
              .version=${this.#data.draftVersion}
              .saveFirst=${() => this.#saveFirst()}
              @draft-changed=${() => void this.#changed()}
              @draft-ended=${() => void this.#ended()}
              @draft-discarded=${() => (this.#data.form.reset(), void this.#ended())}
            ></desk-draft-bar>`
          : nothing
      }
      <div class="editor" data-preview=${hasPreview ? (this.isPreviewOpen ? "open" : "") : nothing}>
        <div class="editor-main">${this.#content(opened)}</div>
        ${hasPreview ? html`<desk-preview .assistantKey=${assistant.key} .state=${this.#data.draftVersion ?? ""} .look=${this.#data.form.whole()["look"]} greeting=${draft.settings.greeting ?? ""} ?isBehind=${this.#data.form.isDirty}></desk-preview>` : nothing}
      </div>`;
  }

  #tabs({ draft }: Opened) {
    const isOpen = draft !== undefined || this.#data.isFile;
    const given = TABS.filter((tab) => {
      if (tab === "devices" && this.#data.isFile && me.self?.roles.includes("admin") !== true) return false;
      if (tab === "identity" || tab === "voice" || tab === "devices") return may("assistants.write") && isOpen;
      return (tab !== "health" && tab !== "install") || (may("assistants.health") && isOpen);
    });
    return given.map((tab) => ({ label: editorWords[tab], href: router.href(this.#path(tab)), isCurrent: tab === this.tab }));
  }

  #path(tab: Tab): string {
    return tab === "setup" ? `/assistants/${this.assistantKey}` : `/assistants/${this.assistantKey}/${tab}`;
  }

  #content(opened: Opened): TemplateResult {
    const { assistant, draft } = opened;
    const isReadOnly = draft === undefined;
    const [data, key] = [this.#data, this.assistantKey];
    if (LATER[this.tab as Tab] !== undefined && !this.#loaded.has(this.tab)) return skeleton();
    switch (this.tab) {
      case "setup":
        return setupTab({ data, opened, save: (event) => void this.#save(event) });
      case "look":
        return html`<desk-look
          .form=${data.form}
          .values=${data.form.whole()}
          .name=${assistant.name}
          ?isReadOnly=${isReadOnly}
          .assistantKey=${key}
          @submit=${(event: Event) => void this.#save(event)}
        ></desk-look>`;
      case "tools":
        return this.server === ""
          ? html`<desk-connectors .assistantKey=${key} ?isReadOnly=${isReadOnly}></desk-connectors>`
          : html`${keyed(this.server, html`<desk-connector .assistantKey=${key} .server=${this.server} ?isReadOnly=${isReadOnly}></desk-connector>`)}`;
      case "devices":
        return html`<desk-devices .assistantKey=${key}></desk-devices>`;
      case "identity":
        return html`<desk-identity .assistant=${assistant} ?isReadOnly=${isReadOnly}></desk-identity>`;
      case "voice":
        return html`<desk-voice .assistant=${assistant} ?isReadOnly=${isReadOnly}></desk-voice>`;
      case "versions":
        return html`<desk-versions
          .assistantKey=${key}
          .assistant=${assistant}
          .version=${data.version}
          ?isReadOnly=${isReadOnly}
          @restored=${() => void this.#ended()}
        ></desk-versions>`;
      case "health":
        return html`<desk-health .assistantKey=${key}></desk-health>`;
      case "install":
        return html`<desk-install
          .assistantKey=${key}
          .published=${assistant.version ?? 0}
          @origins-changed=${() => void this.#changed()}
        ></desk-install>`;
      default:
        return html`<p class="muted">${editorWords.noTab}</p>`;
    }
  }

  #menu({ assistant, draft }: Opened): TemplateResult | typeof nothing {
    if (!may("assistants.write")) return nothing;
    const isMine = draft !== undefined;
    return menu(editorWords.more, [
      { label: editorWords.duplicate, icon: "copy", act: () => void duplicateAssistant(assistant) },
      ...(isMine && may("people.read")
        ? [
            {
              label: editorWords.give,
              icon: "person" as const,
              act: () => void giveAway(assistant, this.#data.version).then(() => this.#changed()),
            },
          ]
        : []),
      ...(isMine
        ? [
            {
              label: editorWords.remove,
              icon: "remove" as const,
              isDangerous: true,
              act: () => void deleteAssistant(assistant, () => this.#data.form.reset()),
            },
          ]
        : []),
    ]);
  }

  /** What is typed goes into the draft. */
  async #save(event?: Event): Promise<boolean> {
    event?.preventDefault();
    const saved = await this.#data.save();
    await this.#opened.reload();
    if (!saved) {
      await this.updateComplete;
      focusFirstFault(this);
      return false;
    }
    toast(editorWords.saved);
    return true;
  }

  async #saveFirst(): Promise<string | undefined> {
    if (this.#data.form.isDirty && !(await this.#save())) return undefined;
    return this.#data.draftVersion;
  }

  async #changed(): Promise<void> {
    await this.#opened.reload();
  }

  /** The bar that had the focus is gone. What is typed and in no draft stays. */
  async #ended(): Promise<void> {
    await this.#opened.reload();
    await this.updateComplete;
    this.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }
}
