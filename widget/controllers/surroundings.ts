/** What goes on around the page. */
export interface SurroundingsListener {
  online(): void;
  offline(): void;
  /**
   * The page is back: from sleep, from the background, from the back-forward cache. What was open before may be dead
   * without knowing.
   */
  woke(): void;
}

export interface Surroundings {
  isOnline(): boolean;
  /** Whether somebody can see the page. */
  isVisible(): boolean;
  /** The page that the conversation is held on, and its language. */
  page(): { readonly language: string; readonly page: string };
  watch(listener: SurroundingsListener): () => void;
}

const BEAT_MS = 10_000;
/** A beat this much late was a sleep (browsers stretch timers of background tabs to a minute). */
const ASLEEP_MS = 90_000;

export function browserSurroundings(): Surroundings {
  return {
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === "visible",
    page: () => ({ language: document.documentElement.lang || navigator.language, page: location.pathname }),
    watch(listener) {
      const ended = new AbortController();
      const { signal } = ended;
      addEventListener("online", () => listener.online(), { signal });
      addEventListener("offline", () => listener.offline(), { signal });
      addEventListener("pageshow", (event) => event.persisted && listener.woke(), { signal });
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && listener.woke(), { signal });
      let last = Date.now();
      const beat = setInterval(() => {
        const late = Date.now() - last > ASLEEP_MS;
        last = Date.now();
        if (late) listener.woke();
      }, BEAT_MS);
      return () => {
        ended.abort();
        clearInterval(beat);
      };
    },
  };
}
