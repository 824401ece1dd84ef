import { RequestError } from "../../../protocol/errors.ts";
import type { OfferedPageTool } from "../../../protocol/page-tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import { readDefinition, type ToolDefinition } from "../definitions/tool-definition.ts";
import type { PageLine, PageSeat } from "./ports.ts";

/** A page that lost its connection, or is being loaded anew, is waited for so long. */
export const RETURN_MS = 15_000;
/** Pages of one customer that offer tools. */
const MOST_PAGES = 20;
/** Conversations in which we remember where one customer acted last. */
const MOST_PLACES = 20;
/** Of all pages' tools, in characters. What is beyond is refused. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** A page that offers tools. */
export interface OpenPage {
  readonly seat: PageSeat;
  line: PageLine;
  tools: readonly ToolDefinition[];
  /** Grows with each thing that the customer does. */
  actedAt: number;
  /** The conversation in which it was last found. */
  foundIn?: string;
  characters: number;
  callOff?: () => void;
}

interface CustomersPages {
  /** By session. */
  readonly pages: Map<string, OpenPage>;
  /** Conversation → where the customer acted last, on whatever page. */
  readonly acted: Map<string, { readonly sessionId: string; readonly line: PageLine }>;
}

/** Undefined: the customer's page has no tools in this conversation. */
export type FoundPage = { readonly page: OpenPage; readonly isHere: boolean } | undefined;

/** All pages that offer tools now, by customer. */
export class OpenPages {
  readonly #clock: Pick<Clock, "after">;
  readonly #customers = new Map<string, CustomersPages>();
  #acts = 0;
  #characters = 0;

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  /**
   * Takes all tools of a page, in place of those before. Throws `RequestError` `rate-limited` where there are too many
   * pages.
   */
  offer(seat: PageSeat, line: PageLine, offered: readonly OfferedPageTool[]): readonly { tool: string; reason: string }[] {
    const known = this.#customers.get(seat.customerId)?.pages.get(seat.sessionId);
    // The session's name is the page's own: one of another place is another page, which may not take this one's calls.
    if (known !== undefined && known.seat.origin !== seat.origin) throw tooMany("This session is another page's.");
    const { tools, leftOut } = read(offered);
    const characters = offered.length === 0 ? 0 : JSON.stringify(offered).length;
    if (known === undefined && tools.length === 0) return leftOut;
    if (this.#characters + characters - (known?.characters ?? 0) > MOST_CHARACTERS) throw tooMany("Too many pages offer tools.");
    const page = known ?? this.#add(seat, line);
    page.callOff?.();
    this.#characters += characters - page.characters;
    Object.assign(page, { line, tools, characters, callOff: undefined });
    return leftOut;
  }

  /** The customer did something in a conversation, on a page that may have no tools. */
  acted({ customerId, sessionId }: Pick<PageSeat, "customerId" | "sessionId">, line: PageLine, conversationId: string): void {
    const own = this.#customers.get(customerId);
    if (own === undefined) return;
    own.acted.delete(conversationId);
    own.acted.set(conversationId, { sessionId, line });
    const [oldest] = own.acted.keys();
    if (own.acted.size > MOST_PLACES && oldest !== undefined) own.acted.delete(oldest);
    const page = own.pages.get(sessionId);
    if (page !== undefined) page.actedAt = ++this.#acts;
  }

  /** A connection ended. The page is forgotten unless it comes back soon; `onForgotten` hears that it did not. */
  left(
    { customerId, sessionId }: Pick<PageSeat, "customerId" | "sessionId">,
    line: PageLine,
    onForgotten: (page: OpenPage) => void,
  ): OpenPage | undefined {
    const page = this.#customers.get(customerId)?.pages.get(sessionId);
    if (page === undefined || page.line !== line) return undefined;
    page.callOff?.();
    page.callOff = this.#clock.after(RETURN_MS, () => {
      this.#forget(page);
      onForgotten(page);
    });
    return page;
  }

  /** The page where the customer acted last, of those that show the conversation; one that may come back if none does. */
  find(customerId: string, conversationId: string): FoundPage {
    const own = this.#customers.get(customerId);
    if (own === undefined) return undefined;
    const last = own.acted.get(conversationId);
    const newest = [...own.pages.values()].toSorted((one, other) => other.actedAt - one.actedAt);
    const here = newest.filter(({ line }) => line.isOpen() && line.shows(conversationId));
    // What has no tools has none to offer, though another page would.
    const isElsewhere = last !== undefined && last.line.isOpen() && last.line.shows(conversationId) && !own.pages.has(last.sessionId);
    if (isElsewhere) return undefined;
    const page = here.find(({ seat }) => seat.sessionId === last?.sessionId) ?? here[0];
    if (page !== undefined) {
      page.foundIn = conversationId;
      return { page, isHere: true };
    }
    const gone = newest.find(({ line, foundIn }) => !line.isOpen() && foundIn === conversationId);
    return gone === undefined ? undefined : { page: gone, isHere: false };
  }

  #add(seat: PageSeat, line: PageLine): OpenPage {
    const own = this.#customers.get(seat.customerId) ?? { pages: new Map(), acted: new Map() };
    if (own.pages.size >= MOST_PAGES) throw tooMany("Too many pages of this customer offer tools.");
    const page: OpenPage = { seat, line, tools: [], actedAt: ++this.#acts, characters: 0 };
    own.pages.set(seat.sessionId, page);
    this.#customers.set(seat.customerId, own);
    return page;
  }

  #forget(page: OpenPage): void {
    const { customerId, sessionId } = page.seat;
    const own = this.#customers.get(customerId);
    if (own?.pages.get(sessionId) !== page) return;
    own.pages.delete(sessionId);
    this.#characters -= page.characters;
    if (own.pages.size === 0) this.#customers.delete(customerId);
  }
}

function read(offered: readonly OfferedPageTool[]): {
  tools: readonly ToolDefinition[];
  leftOut: readonly { tool: string; reason: string }[];
} {
  const tools: ToolDefinition[] = [];
  const leftOut: { tool: string; reason: string }[] = [];
  for (const said of offered) {
    const definition = readDefinition(said);
    if (typeof definition === "string") leftOut.push({ tool: said.name, reason: definition });
    else tools.push(definition);
  }
  return { tools, leftOut };
}

function tooMany(detail: string): RequestError {
  return new RequestError("rate-limited", { detail });
}
