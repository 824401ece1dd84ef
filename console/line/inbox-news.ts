import type { ReactiveController, ReactiveControllerHost } from "lit";
import { line } from "./staff-line.ts";

/** However much happens, a screen reads anew no oftener. */
const PACE_MS = 1_000;

/** Whether an event changes what waits: `approval-requested`, `approval-given`, `approval-decided`. */
export function isOfApproval(what: string): boolean {
  return what.startsWith("approval-");
}

const OF_ASKED = new Set(["person-asked", "person-joined", "handed-back", "conversation-closed"]);

/** Whether an event begins or ends that a customer waits for a person. */
export function isOfAsked(what: string): boolean {
  return OF_ASKED.has(what);
}

export interface InboxNewsOptions {
  /** Whether a screen shows what this changes: the type of an event, or a name beside the journal such as `assignment`. */
  readonly concerns: (what: string) => boolean;
  /** Reads anew, without a flash. */
  readonly refresh: () => void;
}

/** Has a screen read anew when a conversation changes in a way that it shows, and when news may have been missed. */
export class InboxNews implements ReactiveController {
  readonly #options: InboxNewsOptions;
  #end: (() => void) | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  constructor(host: ReactiveControllerHost, options: InboxNewsOptions) {
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {
    const { concerns } = this.#options;
    this.#end = line.watchInbox((news) => {
      if ("all" in news || news.changes.some(({ what }) => what.some((one) => concerns(one)))) this.#refresh();
    });
  }

  hostDisconnected(): void {
    this.#end?.();
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#isDue = false;
  }

  #refresh(): void {
    this.#isDue = true;
    if (this.#pause !== undefined) return;
    this.#isDue = false;
    this.#options.refresh();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#isDue) this.#refresh();
    }, PACE_MS);
  }
}
