import { html, nothing, type TemplateResult } from "lit";
import type { TypingFrame } from "../../../protocol/frames.ts";
import type { PersonEvent } from "../../thread/state.ts";
import { peopleWords } from "../../words/people-words.ts";
import { define } from "../foundation/define.ts";
import { LightElement } from "../foundation/light-element.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import "./contact-form.ts";
import { isolated, personText } from "./person-text.ts";

/** Only what our own server calls a picture. */
const PICTURE = /^\/pictures\/[\w-]+$/;

/**
 * What a member of the team does in a conversation: who writes a reply, above it; that they came or went; that the
 * customer asked for somebody. With `typing`, that they are writing.
 */
export class FrontDeskPerson extends LightElement {
  static override properties = {
    event: { attribute: false },
    contactLeft: { attribute: false },
    typing: { attribute: false },
    context: { attribute: false },
    isReady: { state: true },
  };
  declare event: PersonEvent | undefined;
  /** Who has left an address is not asked for one again. */
  declare contactLeft: true | undefined;
  declare typing: TypingFrame | undefined;
  declare context: ThreadContext;
  /** The words are there: until then nothing is said in another language. */
  declare private isReady: boolean;

  /** Not before: an element that was there before its class has its properties only now. */
  protected override firstUpdated(): void {
    void peopleWords.load(this.context.words).then(() => (this.isReady = true));
  }

  protected override render(): unknown {
    const { event, typing, context } = this;
    if (!this.isReady) return nothing;
    const words = peopleWords.in(context.words);
    if (typing !== undefined) return html`<p class="activity">${words.typing(isolated(typing.name))}</p>`;
    if (event === undefined) return nothing;
    const text = personText(event, context, words);
    switch (event.type) {
      case "reply-sent":
        return html`<h3 class="by" part="person">${this.#face(event)}<bdi>${event.by.name ?? context.words.team}</bdi></h3>`;
      case "person-joined":
        return html`<div class="joined" part="person">
          ${this.#face(event)}
          <p>${text}</p>
        </div>`;
      case "person-asked":
        return html`<p class="note">${text}</p>
          ${event.open || this.contactLeft || context.people?.takeContact !== true ? nothing : html`<front-desk-contact .context=${context}></front-desk-contact>`}`;
      case "contact-left":
        return html`<p class="note">${text}</p>`;
      default:
        return html`<div class="joined"><p>${text}</p></div>`;
    }
  }

  /** Their picture over the letter of their name: a page may forbid pictures from elsewhere. */
  #face({ by: { name = "" }, picture }: Extract<PersonEvent, { picture?: string | undefined }>): TemplateResult | typeof nothing {
    const address = picture !== undefined && PICTURE.test(picture) ? this.context.server.replace(/\/+$/, "") + picture : undefined;
    if (name === "" && address === undefined) return nothing;
    const hide = (event: Event) => (event.target as HTMLElement).remove();
    return html`<span class="face" aria-hidden="true"
      >${Array.from(name)[0] ?? ""}${address === undefined ? nothing : html`<img src=${address} alt="" @error=${hide} />`}</span
    >`;
  }
}

define("front-desk-person", FrontDeskPerson);
