import type { SpeechEngine } from "../conversation/ports/voice.ts";
import type { ConfigurationFile } from "./schema.ts";
import type { Path } from "./substitute.ts";

/** Every engine of speech in the file, with its place. */
export function speechEngines({
  assistants,
}: Pick<ConfigurationFile, "assistants">): readonly { readonly path: Path; readonly engine: SpeechEngine }[] {
  return Object.entries(assistants).flatMap(([key, { voice }]) => [
    ...(voice?.realtime === undefined ? [] : [{ path: ["assistants", key, "voice", "realtime"], engine: voice.realtime }]),
    ...(["hearing", "speaking"] as const).flatMap((list) =>
      (voice?.[list] ?? []).map((engine, index) => ({ path: ["assistants", key, "voice", list, index], engine })),
    ),
  ]);
}
