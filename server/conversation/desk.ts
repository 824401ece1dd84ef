import type { JournalEvent } from "../../protocol/events.ts";
import { CustomerSide } from "./customer-side.ts";
import type { CustomerDesk } from "./customer-desk.ts";
import { signedIn } from "./decisions/start-sign-in.ts";
import { Journal } from "./journal/journal.ts";
import { Live } from "./journal/live.ts";
import type { PageLimits } from "./read-page.ts";
import type { Room } from "./ports/room.ts";
import { assistantName } from "./ports/store.ts";
import type { SignIns } from "./ports/sign-ins.ts";
import type { PeopleDesk } from "./people-desk.ts";
import { PeopleSide } from "./people-side.ts";
import { StaffSide } from "./staff-side.ts";
import type { StaffDesk } from "./staff-desk.ts";
import { StaffWatch } from "./staff-watch.ts";
import type { RunPorts } from "./turn/run-ports.ts";
import { TypingNews } from "./typing.ts";
import { ViewSide } from "./views/view-side.ts";
import type { VoiceDesk } from "./voice-desk.ts";
import { VoiceSide } from "./voice-side.ts";
import { Runner, type RunnerSettings } from "./turn/runner.ts";

export interface DeskSettings extends RunnerSettings {
  readonly page: PageLimits;
}

export type DeskPorts = Omit<RunPorts, "journal"> & { readonly room: Room; readonly signIns: SignIns };

/**
 * The part of the server that receives messages and decides who answers: a side for customers, one for those who call,
 * one for staff, one for staff who answer themselves, and the runs behind them.
 */
export class Desk {
  readonly customers: CustomerDesk;
  readonly voice: VoiceDesk;
  readonly staff: StaffDesk;
  readonly people: PeopleDesk;
  /** What views of tools may do. */
  readonly views: ViewSide;
  /** What staff read while it happens. */
  readonly watch: StaffWatch;
  readonly #ports: RunPorts;
  readonly #runner: Runner;

  constructor({ room, signIns, ...ports }: DeskPorts, settings: DeskSettings) {
    const live = new Live(withHearing(room, (events) => this.views.hear(events)));
    this.#ports = { ...ports, journal: new Journal(ports.store, live) };
    this.#runner = new Runner(this.#ports, live, settings);
    const inside = { ...this.#ports, runner: this.#runner };
    const { page } = settings;
    const typing = new TypingNews({ live, clock: ports.clock });
    this.customers = new CustomerSide({ ...inside, live, signIns, typing, page });
    this.voice = new VoiceSide(inside);
    this.staff = new StaffSide(inside);
    this.people = new PeopleSide(inside);
    this.views = new ViewSide(this.#ports);
    this.watch = new StaffWatch({ ...inside, live, typing, page });
  }

  /** Takes up what an earlier process left. */
  start(): void {
    this.#runner.start();
  }

  /** The conversation is being erased: whatever runs in it ends, and writes nothing more. */
  letGo(conversationId: string): void {
    this.#runner.letGo(conversationId);
  }

  async drain(graceMs: number): Promise<void> {
    await Promise.all([this.#runner.drain(graceMs), this.views.drain(graceMs)]);
  }

  /** The site said who a customer is: `customer-identified` was written into each of these. */
  identified(conversations: readonly { readonly conversationId: string; readonly event: JournalEvent }[]): void {
    for (const { conversationId, event } of conversations) {
      this.#ports.journal.tell(conversationId, [event]);
      this.#runner.refresh(conversationId);
    }
  }

  /**
   * The sign-in of a request is done: the calls that wait for it go on, in every tab. For whoever keeps the
   * connections, not for customers. Harmless when repeated, and when the request is over or unknown.
   */
  async connected(request: { conversationId: string; requestId: string; customerId?: string }): Promise<void> {
    const conversation = await this.#ports.store.find(request.conversationId);
    if (conversation === undefined || (request.customerId ?? conversation.customerId) !== conversation.customerId) return;
    if (await signedIn(this.#ports, conversation, request.requestId)) this.#runner.wake(conversation.id, assistantName(conversation));
  }
}

/** The room, and one of us who hears what is written. */
function withHearing(room: Room, hear: (events: readonly JournalEvent[]) => void): Room {
  return {
    events(conversationId, events) {
      room.events(conversationId, events);
      hear(events);
    },
    text: (frame) => room.text(frame),
    progress: (frame) => room.progress(frame),
    typing: (typing) => room.typing(typing),
  };
}
