import type { BrowserContext, Locator, Page } from "playwright-core";

/** By what people, and screen readers, find things in the widget. */
export interface Names {
  readonly openChat: string;
  readonly closeChat: string;
  readonly message: string;
  readonly send: string;
  readonly stop: string;
  readonly newConversation: string;
  readonly approve: string;
  readonly reject: string;
}

/** These are promised to whoever writes a test or a script against the widget: change them nowhere. */
const PROMISED: Names = {
  openChat: "Open chat",
  closeChat: "Close chat",
  message: "Message",
  send: "Send",
  stop: "Stop",
  newConversation: "New conversation",
  approve: "Approve",
  reject: "Reject",
};

/** One tab of a customer, with what can be seen and done there. */
export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The element, or the page: where to look. */
  readonly scope: Locator;
  readonly #names: Names;

  constructor(page: Page, scope: Locator = page.locator("front-desk"), names: Names = PROMISED) {
    this.page = page;
    this.context = page.context();
    this.scope = scope;
    this.#names = names;
  }

  /** The same tab, looked at through one of several elements. */
  within(selector: string): Visit {
    return new Visit(this.page, this.page.locator(selector), this.#names);
  }

  /** The same tab in another language. */
  speaking(names: Names): Visit {
    return new Visit(this.page, this.scope, names);
  }

  #button(name: string): Locator {
    return this.scope.getByRole("button", { name, exact: true });
  }

  get openChat(): Locator {
    return this.#button(this.#names.openChat);
  }
  get closeChat(): Locator {
    return this.#button(this.#names.closeChat);
  }
  get message(): Locator {
    return this.scope.getByRole("textbox", { name: this.#names.message, exact: true });
  }
  get send(): Locator {
    return this.#button(this.#names.send);
  }
  get stop(): Locator {
    return this.#button(this.#names.stop);
  }
  get newConversation(): Locator {
    return this.#button(this.#names.newConversation);
  }
  get log(): Locator {
    return this.scope.getByRole("log");
  }
  get approve(): Locator {
    return this.log.getByRole("button", { name: this.#names.approve, exact: true });
  }
  get reject(): Locator {
    return this.log.getByRole("button", { name: this.#names.reject, exact: true });
  }
  get connect(): Locator {
    return this.log.getByRole("button", { name: "Connect", exact: true });
  }
  get skip(): Locator {
    return this.log.getByRole("button", { name: "Skip for now", exact: true });
  }
  get sources(): Locator {
    return this.log.getByRole("button", { name: /^Sources/ });
  }
  /** The customer's own messages, as drawn. */
  get bubbles(): Locator {
    return this.log.locator(".bubble");
  }
  get answers(): Locator {
    return this.log.locator("front-desk-answer");
  }
  get notice(): Locator {
    return this.scope.locator("[part=notice]");
  }

  /** What the customer wrote, oldest first. By `textContent`, because what is scrolled out of sight is not laid out. */
  async said(): Promise<string[]> {
    return (await this.bubbles.allTextContents()).map((text) => text.trim());
  }

  /** What the assistant answered, oldest first. */
  answerTexts(): Promise<string[]> {
    return this.answers.allTextContents();
  }

  /** The card that asks about one order. */
  card(orderId: string): Locator {
    return this.log.getByRole("region", { name: `Refund order ${orderId}?` });
  }

  /** The line that a decided card leaves. */
  decided(text: string | RegExp): Locator {
    return this.log.locator("[part=approval-decided]", { hasText: text });
  }

  /** Presses the launcher and waits for the panel. */
  async openPanel(): Promise<void> {
    await this.openChat.click();
    await this.message.waitFor();
  }

  /** Opens the list of the customer's connections. */
  async connections(): Promise<void> {
    const entry = this.scope.getByRole("button", { name: "Connections", exact: true });
    await this.scope.getByRole("button", { name: "Menu" }).click();
    await entry.click();
  }

  /** Writes and sends as a person does. */
  async ask(text: string): Promise<void> {
    await this.message.fill(text);
    await this.send.click();
  }

  /** Waits for an answer that says so. */
  async answered(text: string | RegExp): Promise<void> {
    await this.answers.filter({ hasText: text }).last().waitFor();
  }

  /** Waits until nothing is being answered: nothing can be stopped, or only a person's decision is waited for. */
  async settled(): Promise<void> {
    const question = this.log.locator("[part=approve][aria-disabled=false]");
    await Promise.any([this.stop.waitFor({ state: "detached" }), question.waitFor()]);
  }

  /** Asks for the whole refund of an order and waits for the card. */
  async askRefund(orderId: string): Promise<void> {
    await this.ask(`Refund order ${orderId}`);
    await this.card(orderId).waitFor();
  }

  /** Which conversation this tab is in. */
  conversationId(): Promise<string> {
    return this.page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((name) => name.endsWith(":conversation"));
      if (key === undefined) throw new Error("This tab remembers no conversation.");
      return sessionStorage.getItem(key) ?? "";
    });
  }
}
