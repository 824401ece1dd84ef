import type { BrowserContext, Locator, Page } from "playwright-core";

/** The element as the page's scripts know it. */
export interface Desk extends HTMLElement {
  open(): void;
  close(): void;
  send(text: string): string | undefined;
  newConversation(): void;
  readonly updateComplete: Promise<unknown>;
}

/**
 * One tab of a customer, with the names by which people find things in the widget. Whatever the page itself complains about is kept in
 * `troubles`: errors of scripts and violations of the page's policy.
 */
export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The element, or the page: where to look. */
  readonly scope: Locator;

  constructor(page: Page, scope: Locator = page.locator("front-desk")) {
    this.page = page;
    this.context = page.context();
    this.scope = scope;
  }

  /** The same tab, looked at through one of several elements. */
  within(selector: string): Visit {
    return new Visit(this.page, this.page.locator(selector));
  }

  get openChat(): Locator {
    return this.scope.getByRole("button", { name: "Open chat", exact: true });
  }
  get closeChat(): Locator {
    return this.scope.getByRole("button", { name: "Close chat", exact: true });
  }
  get message(): Locator {
    return this.scope.getByRole("textbox", { name: "Message", exact: true });
  }
  get send(): Locator {
    return this.scope.getByRole("button", { name: "Send", exact: true });
  }
  get stop(): Locator {
    return this.scope.getByRole("button", { name: "Stop", exact: true });
  }
  get newConversation(): Locator {
    return this.scope.getByRole("button", { name: "New conversation", exact: true });
  }
  get log(): Locator {
    return this.scope.getByRole("log");
  }
  get approve(): Locator {
    return this.log.getByRole("button", { name: "Approve", exact: true });
  }
  get reject(): Locator {
    return this.log.getByRole("button", { name: "Reject", exact: true });
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

  /** Writes and sends as a person does. */
  async ask(text: string): Promise<void> {
    await this.message.fill(text);
    await this.send.click();
  }

  /** Waits for an answer that says so. */
  async answered(text: string | RegExp): Promise<void> {
    await this.answers.filter({ hasText: text }).last().waitFor();
  }

  /** Waits until nothing is being answered: nothing can be stopped. */
  async settled(): Promise<void> {
    await this.stop.waitFor({ state: "detached" });
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
