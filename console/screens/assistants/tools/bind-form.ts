import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChangeConnectorBody, Connector } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { askToLeave } from "../../../parts/dialogs.ts";
import { type FactRow, factRows, factRowsOf, factsIn } from "../../../parts/fact-rows.ts";
import { focusFirstFault } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { toast } from "../../../parts/toasts.ts";
import { toolsWords } from "./tools-words.ts";

interface BindForm {
  readonly bind: readonly FactRow[];
}

/** The arguments that the server fills in, from what the website says of the customer. */
@customElement("desk-bind")
export class DeskBind extends PageElement {
  @property({ attribute: false }) bind: NonNullable<Connector["bind"]> = {};
  @property({ type: Boolean }) isReadOnly = false;
  /** Throws what the server refuses. */
  @property({ attribute: false }) send!: (body: ChangeConnectorBody) => Promise<void>;
  /** Somebody else has changed the connector. */
  @property({ attribute: false }) readAgain!: () => Promise<void>;
  readonly #form = new Form<BindForm>(this, { bind: [] }, { mayLeave: askToLeave, place: "-bind" });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("bind")) this.#form.rebase({ bind: factRowsOf(this.bind) }, undefined);
  }

  override render(): TemplateResult {
    const { isReadOnly } = this;
    const { bind: legend, bindHint: hint, bindArgument: nameLabel } = toolsWords;
    return html`<form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
      ${factRows(this.#form, { path: "/bind", legend, hint, nameLabel, placeholder: "customer_id", isReadOnly })}
      ${isReadOnly ? "" : saveBar(this.#form, { drawn: (path) => path.startsWith("/bind") })}
    </form>`;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const typed = factsIn(form.get("/bind"));
    const gone = Object.keys(this.bind).filter((name) => !Object.hasOwn(typed, name));
    const bind = Object.keys(typed).length === 0 ? null : { ...typed, ...Object.fromEntries(gone.map((name) => [name, null])) };
    const answer = await form.submit(async () => {
      await this.send({ bind });
      return true;
    });
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.readAgain();
      await this.updateComplete;
      return focusFirstFault(this);
    }
    form.done();
    toast(toolsWords.bindSaved);
  }
}
