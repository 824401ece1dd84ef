import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { ThreadController } from "../../controllers/thread-controller.ts";
import type { ThreadNews } from "../../controllers/thread-news.ts";
import { openTurn } from "../../thread/turns.ts";
import { define } from "../foundation/define.ts";
import type { PageTool } from "../../page/page-tool.ts";
import type { IntentEvent } from "../foundation/intents.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";
import "../thread/thread.ts";
import { act } from "./act.ts";
import { Announcer } from "./announcer.ts";
import { CallSlot } from "./call-slot.ts";
import "./composer.ts";
import { escape } from "./escape.ts";
import { FrontDeskCloseEvent, FrontDeskOpenEvent } from "./front-desk-events.ts";
import { frontDeskStyles } from "./front-desk.styles.ts";
import { HeaderMenu } from "./header-menu.ts";
import { header } from "./header.ts";
import { launcher } from "./launcher.ts";
import { LeaveQuestion } from "./leave-question.ts";
import { dispatchNews } from "./news-event.ts";
import { explain, notice, warningText } from "./notice.ts";
import { keepFromPage } from "./page-events.ts";
import { PageCustomer } from "./page-customer.ts";
import { PageSlot } from "./page-slot.ts";
import { focusOn, focusToWrite } from "./panel-focus.ts";
import { PanelLanguage } from "./panel-language.ts";
import { PhonePanel } from "./phone-panel.ts";
import { threadContextOf } from "./thread-context-of.ts";
import { warnOfMissing, warnOfUnknown } from "./warn-of-unknown.ts";

/**
 * A chat with an assistant: a button in the corner of the page and the panel it opens, or the panel alone as a part of
 * the page.
 *
 * @attr {string} server - Address of the Frontdesk server, `https://desk.example.com` or `https://shop.example/desk`.
 * @attr {string} assistant - Key of the assistant on that server.
 * @attr {"floating" | "inline"} mode - `floating` (the default) keeps to a corner of the window; `inline` fills the element's own box.
 * @attr {"system" | "light" | "dark"} theme - `system` (the default) follows the device.
 * @attr {string} accent - The brand's colour, in any CSS notation. Text on it is black or white, whichever can be read.
 * @attr {string} lang - Language of the widget's own words; without it the page's.
 * @attr {"end" | "start"} position - Which lower corner a floating widget keeps to: where lines end (the default) or where they start.
 * @attr {string} label - Stands in the header in place of the assistant's name.
 * @attr {string} identityUrl - Address of the site that answers with a signed token of its customer. The script tag says `data-identity-url`.
 * @attr {string} pageTools - Which tools of `document.modelContext` the assistant may call, such as `cart.*,search`. The script tag says `data-page-tools`.
 * @attr {string} offerTools - Which of its own tools, `open_chat` and `ask_assistant`, the chat offers to the browser's assistant through `document.modelContext`; `*` is both. The script tag says `data-offer-tools`.
 * @attr {boolean} open - Whether a floating panel is open.
 *
 * @fires {FrontDeskOpenEvent} frontdesk-open - The panel was opened.
 * @fires {FrontDeskCloseEvent} frontdesk-close - The panel was closed.
 * @fires {FrontDeskMessageEvent} frontdesk-message - The customer wrote a message here.
 * @fires {FrontDeskAnswerEvent} frontdesk-answer - An answer ended.
 * @fires {FrontDeskApprovalEvent} frontdesk-approval - A request for approval was shown, or came to its end.
 * @fires {FrontDeskConnectionEvent} frontdesk-connection - The customer was asked to sign in at a server, or that came to its end.
 * @fires {FrontDeskQuestionEvent} frontdesk-question - A server asked the customer something, or that came to its end.
 * @fires {FrontDeskErrorEvent} frontdesk-error - The server refused a message, an answer to a card or the connection.
 *
 * @slot launcher - An icon for the launcher, in place of the speech bubble.
 *
 * @cssprop [--frontdesk-accent=#2456d6] - The brand's colour; the neutrals are mixed from it.
 * @cssprop [--frontdesk-font=system-ui] - The font family.
 * @cssprop [--frontdesk-radius=16px] - Roundness of the panel.
 * @cssprop [--frontdesk-inset=20px] - Distance of a floating widget from the edges of the window.
 * @cssprop [--frontdesk-layer=2147483000] - The `z-index` of a floating widget.
 *
 * @csspart launcher - The button that opens and closes the panel.
 * @csspart badge - The number of unread messages on it.
 * @csspart panel - The panel.
 * @csspart header - Its head: name, role, buttons.
 * @csspart menu - What opens behind the menu button.
 * @csspart thread - The scrolling log.
 * @csspart message - One message of the customer.
 * @csspart answer - One text of the assistant.
 * @csspart activity - The line about a running tool.
 * @csspart approval - A request for approval.
 * @csspart approval-decided - The line it leaves.
 * @csspart approve - Its "Approve".
 * @csspart reject - Its "Reject".
 * @csspart card - A sign-in, a form or a page that a server asks for.
 * @csspart card-decided - The line it leaves.
 * @csspart sources - The button of the list of calls behind an answer.
 * @csspart failure - The line about an answer that failed.
 * @csspart person - Who of the team writes a reply, or joined.
 * @csspart starter - A suggested first message.
 * @csspart notice - The bar about the connection.
 * @csspart composer - The form at the bottom.
 * @csspart message-field - Its text field.
 * @csspart send - Its "Send".
 * @csspart start-call - Its "Start call".
 * @csspart stop - Its "Stop".
 * @csspart call - The bar of a call.
 * @csspart captions - What both sides say in it.
 * @csspart mute - Its "Mute".
 * @csspart end-call - Its "End call".
 */
export class FrontDesk extends LitElement {
  static override styles = frontDeskStyles;
  static override properties = {
    server: {},
    assistant: {},
    mode: { reflect: true },
    theme: { reflect: true },
    accent: {},
    lang: { reflect: true },
    position: { reflect: true },
    label: {},
    identityUrl: {},
    pageTools: {},
    offerTools: {},
    isOpen: { type: Boolean, reflect: true, attribute: "open" },
  };
  declare server: string;
  declare assistant: string;
  declare mode: "floating" | "inline";
  declare theme: "system" | "light" | "dark";
  declare accent: string | undefined;
  declare position: "end" | "start";
  declare label: string | undefined;
  declare identityUrl: string | undefined;
  declare pageTools: string | undefined;
  declare offerTools: string | undefined;
  declare isOpen: boolean;
  readonly #customer = new PageCustomer(this, () => this.#thread.identified());
  readonly #page: PageSlot = new PageSlot(this, () => this.#thread);
  readonly #place = () => ({ server: this.server, assistant: this.assistant, name: this.id });
  readonly #thread = new ThreadController(this, {
    identify: this.#customer.identify,
    place: this.#place,
    page: this.#page,
    news: (news) => this.#hear(news),
  });
  readonly #call = new CallSlot(this, { thread: this.#thread, place: this.#place, context: () => this.#contextFor() });
  readonly #leaving = new LeaveQuestion(this, { thread: this.#thread, call: this.#call, leave: () => this.newConversation() });
  readonly #phone = new PhonePanel(this);
  readonly #announcer = new Announcer();
  readonly #language = new PanelLanguage(this);
  readonly #menu = new HeaderMenu(this, () => this.#contextFor());
  #context: ThreadContext | undefined;
  #wasShown = false;

  constructor() {
    super();
    this.server = this.assistant = "";
    this.mode = "floating";
    this.theme = "system";
    this.position = "end";
    this.isOpen = false;
    keepFromPage(this);
  }

  /** Opens the panel and puts the cursor into its text field; on a touch screen, the focus on the panel. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.dispatchEvent(new FrontDeskOpenEvent());
    void focusToWrite(this);
  }

  /** Closes the panel. The conversation goes on; what comes is counted on the launcher. */
  close(): void {
    if (!this.isOpen) return;
    const hadFocus = this.shadowRoot?.activeElement != null;
    this.isOpen = false;
    this.#menu.isOpen = this.#leaving.isOpen = false;
    this.dispatchEvent(new FrontDeskCloseEvent());
    if (hadFocus) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".launcher")?.focus());
  }

  /**
   * Sends `text` as the customer's message. Returns its id, or nothing if the text is only white space. Until this code
   * is loaded, the pasted script stands in: there every method returns a promise, so `await` the result to cover both.
   */
  send(text: string): string | undefined {
    return this.#thread.send(text);
  }

  /** Leaves the conversation and begins an empty one. */
  newConversation(): void {
    this.#leaving.isOpen = false;
    this.#call.desk?.end();
    this.#thread.newConversation();
    if (this.#isShown) void focusToWrite(this);
  }

  /** Says who the customer is, by a token that the site's backend signed; `refresh` gives the next one in time. */
  identify(token: string, refresh?: () => Promise<string> | string): void {
    this.#customer.is(token, refresh);
  }

  /** Offers a tool of the page until `signal` is aborted. Rejects with `TypeError`, or `InvalidStateError` for a second one of its name. */
  registerTool(tool: PageTool, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#page.register(tool, signal);
  }

  /** Wipes what this customer left in the browser, and begins as a stranger. */
  logout(): void {
    this.#customer.isNobody();
    this.#call.desk?.end();
    this.#thread.logout();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.renderRoot.addEventListener("front-desk-intent", this.#act as EventListener);
    warnOfMissing(this);
  }

  get #isShown(): boolean {
    return this.isOpen || this.mode === "inline";
  }

  protected override willUpdate(): void {
    this.#language.choose();
    // After a reload the panel is as it was left; the cursor stays where the page has put it.
    if (!this.hasUpdated && this.#thread.wasOpen) this.isOpen = true;
    const state = this.#thread.state;
    if (this.#isShown) {
      this.#wasShown = true;
      if (!this.#call.desk?.isHeard) this.#announcer.watch(state, this.#contextFor());
      if (this.#announcer.warn(warningText(state, this.#language))) explain(state, this.server, this.assistant);
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (this.#isShown) this.#thread.start();
    this.#thread.reading = this.#isShown;
    this.#phone.isOn = this.isOpen && this.mode !== "inline";
    warnOfUnknown(this, changed);
  }

  protected override render(): unknown {
    return html`<div class="corner">
      ${this.#wasShown ? this.#panel() : nothing}
      ${this.mode === "inline" ? nothing : launcher(this.#language.words, { isOpen: this.isOpen, isInCall: this.#call.desk?.isOn, unread: this.#thread.unread }, () => (this.isOpen ? this.close() : this.open()))}
      <div class="unseen" role="status" .textContent=${this.#announcer.text}></div>
    </div>`;
  }

  #panel(): TemplateResult {
    const { state } = this.#thread;
    const context = this.#contextFor();
    const isPhone = this.#phone.isPhone && this.mode !== "inline";
    const turn = openTurn(state);
    const guard = (to: string) => (isPhone && this.isOpen ? html`<span tabindex="0" @focus=${() => focusOn(this, to)}></span>` : nothing);
    return html`${guard("textarea")}
      <div
        class="panel"
        part="panel"
        tabindex="-1"
        role=${this.mode === "inline" ? "region" : "dialog"}
        aria-modal=${isPhone ? "true" : nothing}
        aria-label=${context.assistantName}
        lang=${context.words.language}
        ?hidden=${!this.#isShown}
        @keydown=${this.#keydown}
      >
        ${header(context, state.person, this.#menu, { askNew: this.#leaving.ask, close: isPhone ? () => this.close() : undefined })}
        ${this.#leaving.draw(context.words)}
        <front-desk-thread
          exportparts="thread, message, answer, activity, approval, approval-decided, approve, reject, card, card-decided, sources, failure, starter, person"
          .state=${state}
          .context=${context}
        ></front-desk-thread>
        ${notice(state, this.#language)} ${this.#call.draw()}
        <front-desk-composer
          .words=${context.words}
          .isRunning=${turn !== undefined || this.#call.desk?.isAudible}
          .mayCall=${state.assistant?.voice !== undefined && !this.#call.desk?.isOpen}
          .isCalling=${this.#call.isLoading}
          .isStopping=${turn?.stopping ?? false}
          .isDisabled=${state.connection === "refused"}
          .limit=${state.assistant?.messageCharacters ?? Infinity}
          .draft=${this.#thread.draft}
        ></front-desk-composer>
      </div>
      ${guard(".head button")}`;
  }

  #contextFor(): ThreadContext {
    return (this.#context = threadContextOf(this.#thread, this.#language, this, this.#context));
  }

  #hear(news: ThreadNews): void {
    const isHeard = news.kind === "answer" && this.#call.desk?.isHeard;
    if (this.#isShown && !isHeard) this.#announcer.hear(news, this.#contextFor(), () => this.requestUpdate());
    dispatchNews(this, news);
  }

  readonly #act = (event: IntentEvent): unknown => (event.stopPropagation(), act(event.intent, this.#thread, this.#call));

  readonly #keydown = (event: KeyboardEvent): void => escape(event, this, { menu: this.#menu, leaving: this.#leaving });
}

define("front-desk", FrontDesk);

declare global {
  interface HTMLElementTagNameMap {
    "front-desk": FrontDesk;
  }
}
