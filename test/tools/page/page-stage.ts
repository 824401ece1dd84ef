/** Pages that bring tools, on lines that the test holds in its hands. */
import type { OfferedPageTool, PageCallFrame } from "../../../protocol/page-tools.ts";
import type { CallContext, Tool } from "../../../server/conversation/ports/tools.ts";
import { ConnectedPages } from "../../../server/tools/page/connected-pages.ts";
import { createPageTools } from "../../../server/tools/page/page-tools.ts";
import type { PageLine, PageSeat } from "../../../server/tools/page/ports.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { ManualClock } from "../../support/manual-clock.ts";

export const SEARCH = {
  name: "search",
  description: "Finds pots.",
  inputSchema: { type: "object", properties: { words: { type: "string" } } },
};
export const SHOP = "https://shop.example";

/** A page view. It shows `conversation-one`, and is there until it is closed. */
export class TestPage {
  readonly told: PageCallFrame[] = [];
  readonly seat: PageSeat;
  readonly #pages: ConnectedPages;
  shown = "conversation-one";
  #line: PageLine;

  constructor(pages: ConnectedPages, seat: Partial<PageSeat> = {}) {
    this.#pages = pages;
    this.seat = { assistant: "shop", customerId: "mia", sessionId: "session-one", origin: SHOP, ...seat };
    this.#line = this.#newLine();
  }

  offer(...tools: readonly OfferedPageTool[]): unknown {
    return this.#pages.offer(this.seat, this.#line, { tools: [...tools] });
  }

  act(): void {
    this.#pages.acted(this.seat, this.#line, this.shown);
  }

  begin(callId = "call-0001"): boolean {
    return this.#pages.begin(this.seat, { callId }).granted;
  }

  end(text: string, outcome: "ok" | "failed" = "ok", callId = "call-0001"): void {
    this.#pages.end(this.seat, { callId, outcome, text });
  }

  close(): void {
    const line = this.#line;
    this.#line = this.#newLine();
    Object.assign(line, { isOpen: () => false });
    this.#pages.left(this.seat, line);
  }

  #newLine(): PageLine {
    return { isOpen: () => true, shows: (id) => id === this.shown, tell: (frame) => void this.told.push(frame) };
  }
}

export function openPageStage() {
  const clock = new ManualClock();
  const said: string[] = [];
  const pages = new ConnectedPages(clock, (key, tools) => void said.push(...tools.map((tool) => `${key}/${tool}`)));
  const warned: string[] = [];
  const write = (_: object, message: string): void => void warned.push(message);
  const tools = createPageTools({ pages, log: { info: write, warn: write, error: write } });
  const open = async (conversationId = "conversation-one", customerId = "mia"): Promise<readonly Tool[]> => {
    const { signal } = new AbortController();
    return (await tools.open({ assistant: assistant(), conversationId, customerId, sessionId: "any", signal })).tools;
  };
  return {
    clock,
    said,
    pages,
    tools,
    open,
    page: (seat?: Partial<PageSeat>) => new TestPage(pages, seat),
    names: async (conversationId?: string, customerId?: string) => (await open(conversationId, customerId)).map(({ name }) => name),
    tool: async (): Promise<Tool> => (await open())[0]!,
  };
}

export function callContext(signal: AbortSignal = new AbortController().signal): CallContext {
  const never = (): never => {
    throw new Error("A page asks nobody.");
  };
  return { callId: "call-0001", signal, onProgress: never, ask: never, sample: never, onTask: never };
}
