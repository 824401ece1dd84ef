import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { PageElement } from "../../../foundation/page-element.ts";
import { showDialog } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import "./approver-options.ts";
import type { Permission } from "./permissions.ts";
import { toolsWords } from "./tools-words.ts";

type Option = "rememberable" | "safeToRepeat";

export interface Options {
  /** The tool as people read it. */
  readonly name: string;
  readonly permission: Permission;
  readonly isReadOnly: boolean;
  /** False: it was refused. */
  readonly set: (permission: Permission) => Promise<boolean>;
}

/** Opens what else holds for a tool. A mark says that something of it is on. */
export function optionsButton(options: () => Options): TemplateResult {
  const { name, permission } = options();
  const isOn = hasMore(permission);
  return html`<button
    type="button"
    class="quiet icon-only"
    aria-label=${isOn ? toolsWords.moreOfSet(name) : toolsWords.moreOf(name)}
    aria-haspopup="dialog"
    @click=${() => void showDialog(name, () => html`<desk-permission-options .options=${options()}></desk-permission-options>`)}
  >
    ${icon("more")}${isOn ? html`<span class="option-mark" aria-hidden="true"></span>` : ""}
  </button>`;
}

function hasMore({
  rememberable,
  safeToRepeat,
  approverGroups = [],
  people = 1,
  expires,
  when = [],
  spoken = "auto",
}: Permission): boolean {
  const isAnybody = approverGroups.length === 0 && people === 1 && expires !== "ask-staff" && when.length === 0;
  return rememberable || safeToRepeat || !isAnybody || spoken !== "auto";
}

/** What holds for a tool beside its permission: each switch holds at once. */
@customElement("desk-permission-options")
export class DeskPermissionOptions extends PageElement {
  @property({ attribute: false }) options!: Options;
  @state() private now: Permission | undefined;
  @state() private isSending = false;

  override render() {
    const { permission, isReadOnly } = this.options;
    return html`<p class="muted">${toolsWords.atOnce}</p>
      <desk-approver-options
        .permission=${this.now ?? permission}
        .disabled=${isReadOnly}
        @change-permission=${(event: CustomEvent<Partial<Permission>>) => void this.#set(event.detail)}
      ></desk-approver-options>
      ${this.#option("rememberable", toolsWords.rememberable, toolsWords.rememberableHint)}
      ${this.#option("safeToRepeat", toolsWords.safeToRepeat, toolsWords.safeToRepeatHint)}`;
  }

  #option(option: Option, label: string, hint: string): TemplateResult {
    const { permission, isReadOnly } = this.options;
    const id = `permission-${option}`;
    return html`<div class="field switch-field">
      <label
        ><input
          id=${id}
          type="checkbox"
          role="switch"
          .checked=${live((this.now ?? permission)[option])}
          ?disabled=${isReadOnly || this.isSending}
          aria-describedby="${id}-hint"
          @change=${(event: Event) => void this.#set({ [option]: (event.currentTarget as HTMLInputElement).checked })}
        />
        <span class="label">${label}</span></label
      >
      <div id="${id}-hint" class="hint">${hint}</div>
    </div>`;
  }

  async #set(change: Partial<Permission>): Promise<void> {
    const { permission, set } = this.options;
    const before = this.now ?? permission;
    this.now = { ...before, ...change };
    this.isSending = true;
    if (!(await set(this.now))) this.now = before;
    this.isSending = false;
  }
}
