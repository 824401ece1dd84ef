import type { Clock } from "../thread/clock.ts";
import type { VoiceFault } from "../words/types/voice-words.ts";
import { CallFault, type Ears, type EarsNews } from "./call-ports.ts";
import { isOwnEcho } from "./own-echo.ts";
import { newRecogniser, type Recogniser, type RecogniserResult } from "./web-speech.ts";

/** What ends it. Whatever else a recogniser complains of, it begins anew. */
const FATAL: Readonly<Record<string, VoiceFault>> = {
  "not-allowed": "denied",
  "service-not-allowed": "denied",
  "audio-capture": "no-microphone",
  "language-not-supported": "unsupported",
};
/** A recogniser that ends by itself within a second, again and again, does not work. */
const AGAIN_MS = 300;
const LISTENED_MS = 1_000;
const MOST_IN_VAIN = 5;
/** What comes so late is of what was said before. */
const ROOM_MS = 1_500;

/**
 * The browser's own recogniser. It has a microphone of its own, and nothing that would take the assistant's voice out of
 * it: what sounds like the assistant's words is not heard. Rejects with `CallFault`.
 */
export async function openBrowserEars(language: string | undefined, news: EarsNews, clock: Clock, signal: AbortSignal): Promise<Ears> {
  const recogniser = newRecogniser();
  if (recogniser === undefined) throw new CallFault("unsupported");
  const ears = new BrowserEars(recogniser, news, clock);
  signal.addEventListener("abort", () => ears.close());
  await ears.open(language);
  news.activity("ready");
  return ears;
}

class BrowserEars implements Ears {
  readonly level = undefined;
  readonly #recogniser: Recogniser;
  readonly #news: EarsNews;
  readonly #clock: Clock;
  #isRunning = false;
  #isClosed = false;
  #isMuted = false;
  #isPushToTalk = false;
  #isHeld = false;
  /** The assistant is audible, or was a moment ago. */
  #isEchoing = false;
  #said = "";
  #inVain = 0;
  /** Infinity: not yet. */
  #startedAt = Infinity;
  /** It was told to end. */
  #isToEnd = false;
  #callOff: (() => void) | undefined;
  #callOffEcho: (() => void) | undefined;

  constructor(recogniser: Recogniser, news: EarsNews, clock: Clock) {
    this.#recogniser = recogniser;
    this.#news = news;
    this.#clock = clock;
  }

  /** Resolves when it listens, after the customer has allowed it. */
  open(language: string | undefined): Promise<void> {
    const recogniser = this.#recogniser;
    recogniser.continuous = recogniser.interimResults = true;
    if (language !== undefined) recogniser.lang = language;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    recogniser.onresult = (result) => this.#hear(result);
    recogniser.onerror = ({ error }) => {
      const fault = FATAL[error];
      if (error === "network") this.#news.note("not-heard", true);
      if (fault === undefined) return;
      this.close();
      reject(new CallFault(fault));
      this.#news.ended(fault);
    };
    recogniser.onend = () => {
      this.#isRunning = false;
      if (!this.#isToEnd) this.#inVain = this.#clock.now() - this.#startedAt < LISTENED_MS ? this.#inVain + 1 : 0;
      this.#callOff = this.#clock.after(AGAIN_MS, () => this.#settle());
    };
    (recogniser as { onstart?: () => void }).onstart = () => {
      this.#startedAt = this.#clock.now();
      resolve();
    };
    this.#start();
    return promise;
  }

  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (isMuted) {
      this.#isToEnd = true;
      this.#recogniser.abort();
    }
    this.#settle();
  }

  pushToTalk(isOn: boolean): void {
    this.#isPushToTalk = isOn;
    this.#settle();
  }

  talk(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld && this.#isEchoing) this.#news.interrupt("button");
    this.#settle();
  }

  assistantSpeaks(isAudible: boolean): void {
    this.#callOffEcho?.();
    if (isAudible) this.#isEchoing = true;
    else
      this.#callOffEcho = this.#clock.after(ROOM_MS, () => {
        this.#isEchoing = false;
        this.#said = "";
      });
  }

  assistantSays(text: string): void {
    this.#said += ` ${text}`;
  }

  hearFrom(): void {
    // It takes what the browser is set to.
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#callOff?.();
    this.#callOffEcho?.();
    this.#recogniser.onend = this.#recogniser.onresult = null;
    this.#recogniser.abort();
  }

  /** Listens, or does not, as it should. */
  #settle(): void {
    const should = !this.#isClosed && !this.#isMuted && (!this.#isPushToTalk || this.#isHeld);
    if (should && !this.#isRunning) {
      if (this.#inVain >= MOST_IN_VAIN) this.#news.note("not-heard", true);
      this.#start();
    } else if (!should && this.#isRunning) {
      this.#isToEnd = true;
      this.#recogniser.stop();
    }
  }

  #start(): void {
    this.#callOff?.();
    this.#isToEnd = false;
    this.#startedAt = Infinity;
    try {
      this.#recogniser.start();
      this.#isRunning = true;
    } catch {
      // It still ends: `onend` comes.
    }
  }

  #hear({ results, resultIndex }: RecogniserResult): void {
    this.#inVain = 0;
    let partial = "";
    for (const result of Array.from(results).slice(resultIndex)) {
      const { transcript: text = "", confidence = 0 } = result[0] ?? {};
      if (!result.isFinal) partial += text;
      else if (this.#isCustomers(text))
        this.#news.say({ type: "transcript", text, final: true, ...(confidence > 0 ? { confidence: Math.min(1, confidence) } : {}) });
    }
    if (partial !== "" && this.#isCustomers(partial)) this.#news.say({ type: "transcript", text: partial, final: false });
  }

  /** Whether the customer said it. Then the assistant is silent. */
  #isCustomers(text: string): boolean {
    if (text.trim() === "") return false;
    if (!this.#isEchoing) return true;
    if (isOwnEcho(text, this.#said)) return false;
    this.#news.interrupt("speech");
    return true;
  }
}
