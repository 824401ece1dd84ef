import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { choiceField, textField } from "../../../parts/fields.ts";
import type { OfferedTool } from "./offered-tool.ts";
import { offeredWords } from "./offered-words.ts";

/** How one tool is offered. Sends `done` with it; it is saved with the rest. */
@customElement("desk-offered-tool")
export class DeskOfferedTool extends PageElement {
  @property({ attribute: false }) tool!: OfferedTool;
  #form: Form<OfferedTool> | undefined;

  override willUpdate(): void {
    this.#form ??= new Form<OfferedTool>(this, this.tool, { place: "-offered" });
  }

  override render() {
    const form = this.#form!;
    const isAssistant = this.tool.source === "assistant";
    return html`<form novalidate @submit=${(event: Event) => this.#done(event)}>
      ${textField(form, {
        path: "/publishedName",
        label: offeredWords.publishedName,
        hint: offeredWords.publishedHint,
        isOptional: true,
        isCode: true,
        autofocus: true,
      })}
      ${textField(form, {
        path: "/description",
        label: offeredWords.description,
        hint: offeredWords.descriptionHint,
        isOptional: true,
        lines: 4,
      })}
      ${
        isAssistant
          ? nothing
          : html`${choiceField(form, {
              path: "/permission",
              label: offeredWords.permission,
              options: (["always_allow", "needs_approval"] as const).map((value) => [value, offeredWords[value]] as const),
            })}
            ${choiceField(form, {
              path: "/approver",
              label: offeredWords.approver,
              hint: offeredWords.approverHint,
              options: (["either", "staff"] as const).map((value) => [value, offeredWords[value]] as const),
            })}`
      }
      <div class="actions"><button class="primary">${offeredWords.done}</button></div>
    </form>`;
  }

  #done(event: Event): void {
    event.preventDefault();
    const { publishedName, description, ...rest } = this.#form!.whole() as unknown as OfferedTool;
    const detail: OfferedTool = {
      ...rest,
      ...(publishedName === undefined ? {} : { publishedName: publishedName.trim() }),
      ...(description === undefined || description.trim() === "" ? {} : { description }),
    };
    this.dispatchEvent(new CustomEvent("done", { detail }));
  }
}
