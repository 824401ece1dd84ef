import { toJson } from "../native/to-json.ts";
import type { Shelf } from "../thread/shelf.ts";
import type { CallChoices, LeftCall } from "./call-state.ts";

/** As long as the server waits for a page that is gone. */
export const COMES_BACK_MS = 10_000;

const FIRST_CHOICES: CallChoices = { mode: "hands-free", microphoneId: "", loudspeakerId: "", volume: 1 };

/**
 * What a call leaves behind: in its tab, that it was on when the page went; for all tabs, what the customer chose. The
 * call is written down only while its page goes, so a tab that is copied meanwhile knows none.
 */
export class CallMemory {
  readonly #tab: Shelf;
  readonly #shared: Shelf;
  readonly #left: string;
  readonly #choices: string;

  /** @param leftKey under which a page finds that its tab was in a call */
  constructor(tab: Shelf, shared: Shelf, leftKey: string) {
    this.#tab = tab;
    this.#shared = shared;
    this.#left = leftKey;
    this.#choices = `${leftKey}:choices`;
  }

  leave(call: LeftCall): void {
    this.#tab.write(this.#left, toJson(call));
  }

  /** The call that the page before was in; asked once. */
  take(): LeftCall | undefined {
    const left = read<LeftCall>(this.#tab.read(this.#left));
    this.#tab.remove(this.#left);
    return left?.voiceCallId && left.conversationId && left.offer && left.leftAt ? (left as LeftCall) : undefined;
  }

  get choices(): CallChoices {
    return { ...FIRST_CHOICES, ...read<CallChoices>(this.#shared.read(this.#choices)) };
  }
  set choices(choices: CallChoices) {
    this.#shared.write(this.#choices, toJson(choices));
  }

  /** Whether this browser's customer has agreed before that calls are recorded. */
  get wasTold(): boolean {
    return this.#shared.read(`${this.#choices}:told`) !== undefined;
  }
  set wasTold(_: true) {
    this.#shared.write(`${this.#choices}:told`, "1");
  }
}

function read<T>(text: string | undefined): Partial<T> | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Partial<T>);
  } catch {
    return undefined;
  }
}
