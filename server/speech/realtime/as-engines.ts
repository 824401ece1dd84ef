import { ModelError, type ModelErrorKind, type ModelRequest } from "../../conversation/ports/model.ts";
import type { Hearing } from "../ports/hearing.ts";
import type { Realtime } from "../ports/realtime.ts";
import { SpeechError, type SpeechErrorKind } from "../ports/speech-error.ts";
import type { SpeakOptions, Speaking, SpokenAudio } from "../ports/speaking.ts";

const SAY = "Say exactly what the user writes, in its language, and nothing else.";
const MOST_TOKENS = 1_000;
const KINDS: { readonly [kind in ModelErrorKind]?: SpeechErrorKind } = {
  misconfigured: "misconfigured",
  unreachable: "unreachable",
  "rate-limited": "busy",
  overloaded: "busy",
};

/** What a model did not say itself is left unsaid. */
const NOBODY: Speaking = {
  name: "nobody",
  async *speak(): AsyncGenerator<SpokenAudio, void> {},
};

/** A model that hears and speaks, tried out as an engine for each. */
export function realtimeAsEngines(realtime: Realtime): { readonly hearing: Hearing; readonly speaking: Speaking } {
  const { name } = realtime;
  return {
    hearing: { name, open: (options) => realtime.open({ ...options, speaking: NOBODY }) },
    speaking: { name, speak: (text, options) => saidBy(realtime, text, options) },
  };
}

async function* saidBy(realtime: Realtime, text: string, { signal, language }: SpeakOptions): AsyncGenerator<SpokenAudio, void> {
  const session = realtime.open({ signal, language, speaking: NOBODY });
  const messages: ModelRequest["messages"] = [
    { role: "system", text: SAY },
    { role: "user", text },
  ];
  const parts = session.model.stream({ messages, tools: [], toolChoice: "none", maxOutputTokens: MOST_TOKENS }, signal);
  const words = parts[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    for (let part = await words.next(); part.done !== true; part = await words.next())
      if (part.value.type === "text") return part.value.text;
    return undefined;
  };
  const say = (written: string): AsyncIterable<SpokenAudio> => session.speaking.speak(written, { signal, piece: { written } });
  try {
    // The first words apart, so that their sound does not wait for the last.
    const first = await next();
    if (first === undefined) throw new SpeechError("broken", `${realtime.name} said nothing.`);
    yield* say(first);
    let rest = "";
    for (let more = await next(); more !== undefined; more = await next()) rest += more;
    if (rest !== "") yield* say(rest);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    await session.close();
    // What ended the session is told here, in the terms of speech; nothing is where it was the answer alone that failed.
    for await (const _ of session.transcripts);
    throw new SpeechError(KINDS[error.kind] ?? "broken", error.message);
  } finally {
    await session.close();
  }
}
