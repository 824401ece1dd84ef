import { offeringContext } from "./model-context.ts";
import { isNamed, ownNames } from "./named.ts";
import type { PageTool } from "./page-tool.ts";
import { Question, type AskedThread } from "./question.ts";

/** The element, as far as its tools need it. */
export interface OwnHost {
  readonly isConnected: boolean;
  /** Which of its tools the owner offers, such as `open_chat` or `*`. */
  readonly offerTools: string | undefined;
  open(): void;
  readonly updateComplete: Promise<unknown>;
  readonly renderRoot: ParentNode;
  addController(controller: Pick<OwnTools, "hostConnected" | "hostDisconnected" | "hostUpdated">): void;
}

const DRAFT_CHARACTERS = 4_000;
/** After this time whoever asked is told to look into the chat. */
const LONGEST_ANSWER_MS = 120_000;

/**
 * What the widget offers to the browser's assistant through `document.modelContext`, while it is on the page: the chat
 * opened, with a draft; and a message sent in the customer's name, which the thread shows and marks.
 */
export class OwnTools {
  readonly #host: OwnHost;
  readonly #thread: AskedThread;
  #patterns = "";
  /** Takes back what is offered. */
  #offered: AbortController | undefined;
  #question: Question | undefined;
  /** Those that nobody waits for, until their turns are stopped. */
  #abandoned: readonly Question[] = [];

  constructor(host: OwnHost, thread: AskedThread) {
    this.#host = host;
    this.#thread = thread;
    host.addController(this);
  }

  hostConnected(): void {
    this.#settle();
  }

  hostUpdated(): void {
    this.#settle();
    this.#question?.look();
    for (const question of this.#abandoned) question.look();
    if (this.#abandoned.length > 0) this.#abandoned = this.#abandoned.filter(({ isOver }) => !isOver);
  }

  /** One that is moved within its page goes on. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#settle();
      this.#question?.fail(new Error("The chat is not on the page any more."));
    });
  }

  /** Offers what the owner names now, once. */
  #settle(): void {
    const patterns = this.#host.isConnected ? (this.#host.offerTools ?? "") : "";
    if (patterns === this.#patterns) return;
    this.#patterns = patterns;
    this.#offered?.abort();
    const context = patterns ? offeringContext() : undefined;
    const offered = (this.#offered = new AbortController());
    if (!context) return;
    for (const tool of [this.#openChat(), this.#askAssistant()].filter(({ name }) => isNamed(name, patterns)))
      void this.#register(tool, (one) => context.registerTool(one, offered), offered.signal);
  }

  async #register(tool: PageTool, register: (tool: PageTool) => Promise<void> | void, signal: AbortSignal): Promise<void> {
    const { name } = tool;
    const isFirst = !ownNames.has(name);
    try {
      if (!isFirst) throw new Error("another chat of this page offers it");
      ownNames.add(name);
      signal.addEventListener("abort", () => ownNames.delete(name), { once: true });
      await register(tool);
    } catch (error) {
      if (isFirst) ownNames.delete(name);
      if (!signal.aborted) console.warn(`Frontdesk: the browser's assistant is not offered ${name}.`, error);
    }
  }

  #openChat(): PageTool {
    return {
      name: "open_chat",
      title: "Open the chat",
      description:
        "Opens this website's chat, where its assistant and its team answer the customer. With `draft`, a message is put into its text field for the customer to read, change and send; nothing is sent.",
      inputSchema: { type: "object", properties: { draft: { type: "string", maxLength: DRAFT_CHARACTERS } }, additionalProperties: false },
      annotations: { readOnlyHint: false, untrustedContentHint: false, consequentialHint: false },
      execute: async ({ draft }) => {
        this.#host.open();
        return textOf(draft) === "" ? "The chat is open." : await this.#draft(String(draft).slice(0, DRAFT_CHARACTERS));
      },
    };
  }

  /** What the customer is writing is theirs. */
  async #draft(text: string): Promise<string> {
    await this.#host.updateComplete;
    const composer = this.#host.renderRoot.querySelector<HTMLElement & { updateComplete?: Promise<unknown> }>("front-desk-composer");
    await composer?.updateComplete;
    const field = composer?.querySelector("textarea");
    if (!field || field.disabled) return "The chat is open. Nothing can be written there at the moment.";
    if (field.value !== "") return "The chat is open. The customer is writing there, so the draft was left out.";
    field.value = text;
    field.dispatchEvent(new Event("input"));
    return "The chat is open, with the draft. Only the customer can send it.";
  }

  #askAssistant(): PageTool {
    return {
      name: "ask_assistant",
      title: "Ask the website's assistant",
      description:
        "Sends a message to this website's assistant in the customer's name, and returns its answer. The customer sees both in the chat, which is opened. The assistant may look things up and do things for the customer; where a person has to agree first, the answer says that it waits, and only a person can decide it, in the chat. One message at a time.",
      inputSchema: {
        type: "object",
        properties: { message: { type: "string", minLength: 1, description: "What the customer wants, in their language." } },
        required: ["message"],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: false, untrustedContentHint: true, consequentialHint: true },
      execute: ({ message }, options) => this.#ask(textOf(message), options?.signal),
    };
  }

  async #ask(message: string, signal: AbortSignal | undefined): Promise<unknown> {
    if (message === "") throw new TypeError("`message` is empty.");
    if (this.#question) throw new Error("A message is being answered. Send the next one when its answer has come.");
    signal?.throwIfAborted();
    this.#host.open();
    const messageId = this.#thread.send(message, { via: "browser-assistant" });
    const question = (this.#question = new Question(this.#thread, messageId!));
    const aborted = (): void => question.abandon(signal?.reason);
    signal?.addEventListener("abort", aborted);
    const timer = setTimeout(() => question.leave(), LONGEST_ANSWER_MS);
    try {
      question.look();
      return await question.end;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      if (!question.isOver) this.#abandoned = [...this.#abandoned, question];
      this.#question = undefined;
    }
  }
}

/** Of an argument: what some browsers give unchecked. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
