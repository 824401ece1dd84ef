import type { EarsNews, VoiceNews } from "../../../widget/call/call-ports.ts";

/** What the browser's own ears or voice tell: `[what]`, or `[what, ...with what]`, in order. */
export const said: unknown[] = [];

const note =
  (name: string) =>
  (...given: readonly unknown[]): void =>
    void said.push(given.length === 0 ? [name] : [name, ...given]);

/** Writes everything into `said`. */
export const news = new Proxy({}, { get: (_, name) => note(String(name)) }) as EarsNews & VoiceNews;
