import { RequestError } from "../../protocol/errors.ts";
import type { ParsedStaffRequest, StaffConversation, StaffEvent, StaffEventPage } from "../../protocol/staff-frames.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Live } from "./journal/live.ts";
import { openConversation } from "./open-conversation.ts";
import type { PageLimits } from "./read-page.ts";
import { type Conversation, type Store } from "./ports/store.ts";
import { staffActor } from "./staff-actor.ts";
import type { StaffMember } from "./staff-desk.ts";
import { staffView } from "./staff-view.ts";
import type { TypingNews } from "./typing.ts";

/** Whether staff may read what the model of this assistant thought. */
export type ShowsThoughts = (assistant: string) => boolean;

export interface StaffWatchPorts {
  readonly store: Pick<Store, "find" | "readBefore" | "readFrom">;
  readonly live: Live;
  readonly clock: Pick<Clock, "now">;
  readonly typing: TypingNews;
  readonly page: PageLimits;
}

/** What staff read of conversations while they happen. Every method throws `RequestError` `unknown-conversation`. */
export class StaffWatch {
  readonly #ports: StaffWatchPorts;

  constructor(ports: StaffWatchPorts) {
    this.#ports = ports;
  }

  find(conversationId: string): Promise<Conversation | undefined> {
    return this.#ports.store.find(conversationId);
  }

  /**
   * What was missed after `after`, or the last page, and what is passing at this moment. Listen before you call this:
   * what is written while it reads comes as a frame of its own.
   */
  async open(
    { conversationId, after }: ParsedStaffRequest<"conversation-open">,
    showsThoughts: ShowsThoughts,
  ): Promise<Omit<StaffConversation, "people">> {
    const conversation = await this.#find(conversationId);
    const { assistant, customerId: customer, preview, person } = conversation;
    const shown = { thoughts: showsThoughts(assistant) };
    const opened = await openConversation<StaffEvent>(this.#ports, conversation, after, (event) => staffView(event, shown));
    return {
      ...opened,
      assistant,
      customer,
      ...(preview === undefined ? {} : { preview: true }),
      ...(person === undefined ? {} : { person }),
    };
  }

  async page({ conversationId, before }: ParsedStaffRequest<"conversation-page">, showsThoughts: ShowsThoughts): Promise<StaffEventPage> {
    const { assistant } = await this.#find(conversationId);
    const { store, page } = this.#ports;
    const events = await store.readBefore(conversationId, before, page.events, page.bytes);
    const shown = { thoughts: showsThoughts(assistant) };
    return { events: events.map((event) => staffView(event, shown)), more: (events[0]?.seq ?? 1) > 1 };
  }

  /** Its customer sees it of the person who answers them, and of replies only. */
  async typing(staff: StaffMember, { conversationId, what }: ParsedStaffRequest<"typing">): Promise<void> {
    const { person } = await this.#find(conversationId);
    this.#ports.typing.tell({ conversationId, by: staffActor(staff), what, forCustomer: what === "reply" && person?.id === staff.id });
  }

  async #find(conversationId: string): Promise<Conversation> {
    const conversation = await this.#ports.store.find(conversationId);
    if (conversation === undefined) throw new RequestError("unknown-conversation");
    return conversation;
  }
}
