import { RequestError } from "../../../protocol/errors.ts";
import { ByteBudget } from "../../foundation/byte-budget.ts";
import type { Clock } from "../../foundation/clock.ts";

/** Calls and readings of one view that run, or wait for a person, at once. */
const RUNNING = 4;
/** Calls and readings: so many at once after a while of none, and so many a second. A view that polls needs one in two. */
const RATE = { burstBytes: 20, bytesASecond: 1 } as const;
/** Of all views of one conversation together. */
const CONVERSATION_RATE = { burstBytes: 40, bytesASecond: 2 } as const;
/** In the life of a view: each leaves three entries in the journal. */
const CALLS = 300;
/** What of its calls and readings comes back to it. */
const BYTES = { burstBytes: 32 * 1024 * 1024, bytesASecond: 512 * 1024 } as const;
const NOTES = 60;
const CONTEXTS = { burstBytes: 10, bytesASecond: 0.5 } as const;
const MOST_CONTEXTS = 200;

/** A person who has said no to its calls this often is asked for it no more. */
const REJECTIONS = 3;

const MOST_KNOWN = 20_000;
const RETRY_MS = 1_000;

interface OneView {
  running: number;
  calls: number;
  notes: number;
  contexts: number;
  rejections: number;
  readonly rate: ByteBudget;
  readonly bytes: ByteBudget;
  readonly contextRate: ByteBudget;
  /** Whether what it was refused was noted since it was last allowed anything. */
  quiet: boolean;
}

/** What one view may do, and all of a conversation. Counted in memory: a restart forgives. */
export class ViewLimits {
  readonly #clock: Pick<Clock, "now">;
  readonly #views = new Map<string, OneView>();
  readonly #conversations = new Map<string, ByteBudget>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Takes a place for a call or a reading; the returned function gives it back. Throws `RequestError` `view-busy`. */
  begin(conversationId: string, callId: string, what: "call" | "read"): () => void {
    const view = this.#view(conversationId, callId);
    if (what === "call" && view.calls >= CALLS) throw busy(`It has called ${CALLS} times, which is as often as it may.`);
    if (view.running >= RUNNING) throw busy(`${RUNNING} of its calls are under way already.`);
    if (!view.rate.take(1) || !this.#conversation(conversationId).take(1)) throw busy("It asks too often.");
    if (!view.bytes.take(0)) throw busy("It has read too much in a short time.");
    view.running += 1;
    if (what === "call") view.calls += 1;
    view.quiet = false;
    return () => void (view.running -= 1);
  }

  /** So much came back to it. */
  gave(conversationId: string, callId: string, bytes: number): void {
    this.#view(conversationId, callId).bytes.take(bytes);
  }

  /** A person said no to a call of it. */
  rejected(conversationId: string, callId: string): void {
    this.#view(conversationId, callId).rejections += 1;
  }

  /** Whether a person may be asked about a call of it. */
  mayAsk(conversationId: string, callId: string): boolean {
    return this.#view(conversationId, callId).rejections < REJECTIONS;
  }

  /** Throws `RequestError` `view-busy`. */
  tells(conversationId: string, callId: string): void {
    const view = this.#view(conversationId, callId);
    if (view.contexts >= MOST_CONTEXTS || !view.contextRate.take(1)) throw busy("It tells the model too much.");
    view.contexts += 1;
  }

  /** Whether one more note is kept. `last`: it is the one that says that no more are. */
  mayNote(conversationId: string, callId: string): "yes" | "last" | "no" {
    const view = this.#view(conversationId, callId);
    view.notes += 1;
    return view.notes < NOTES ? "yes" : view.notes === NOTES ? "last" : "no";
  }

  /** Whether it is news that it was refused for being too much. */
  isNews(conversationId: string, callId: string): boolean {
    const view = this.#view(conversationId, callId);
    const news = !view.quiet;
    view.quiet = true;
    return news;
  }

  #view(conversationId: string, callId: string): OneView {
    const key = `${conversationId} ${callId}`;
    const view = this.#views.get(key) ?? {
      running: 0,
      calls: 0,
      notes: 0,
      contexts: 0,
      rejections: 0,
      rate: new ByteBudget(RATE, this.#clock),
      bytes: new ByteBudget(BYTES, this.#clock),
      contextRate: new ByteBudget(CONTEXTS, this.#clock),
      quiet: false,
    };
    return kept(this.#views, key, view);
  }

  #conversation(conversationId: string): ByteBudget {
    const budget = this.#conversations.get(conversationId) ?? new ByteBudget(CONVERSATION_RATE, this.#clock);
    return kept(this.#conversations, conversationId, budget);
  }
}

/** The longest unused is forgotten first. */
function kept<Value>(map: Map<string, Value>, key: string, value: Value): Value {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_KNOWN && oldest !== undefined) map.delete(oldest);
  return value;
}

function busy(detail: string): RequestError {
  return new RequestError("view-busy", { detail, retryAfterMs: RETRY_MS });
}
