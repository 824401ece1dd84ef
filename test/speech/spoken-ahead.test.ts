import { expect, test } from "vitest";
import { SpeechError } from "../../server/speech/ports/speech-error.ts";
import type { Speaking } from "../../server/speech/ports/speaking.ts";
import { spokenAhead, type SpokenPart } from "../../server/speech/spoken-ahead.ts";
import type { SpokenPiece } from "../../server/speech/text/sentences.ts";
import { waitFor } from "../support/wait-for.ts";
import { countedPcm } from "./speech-ports.ts";

const PIECES = ["One. ", "Two. ", "```\n", "Three."].map((written) => ({ written, spoken: written.startsWith("`") ? "" : written.trim() }));

async function* all(pieces = PIECES): AsyncGenerator<SpokenPiece, void> {
  yield* pieces;
}

/** Says each text in two pieces; the second waits until `more`. */
function voice(more: Promise<void> = Promise.resolve(), failing = "") {
  const asked: string[] = [];
  const aborted: string[] = [];
  const speaking: Speaking = {
    name: "voice",
    async *speak(text, { signal }) {
      asked.push(text);
      signal.addEventListener("abort", () => void aborted.push(text));
      if (text === failing) throw new SpeechError("busy", "Too many.");
      yield { pcm: countedPcm(2), sampleRate: 16_000 };
      await more;
      signal.throwIfAborted();
      yield { pcm: countedPcm(4), sampleRate: 16_000 };
    },
  };
  return { speaking, asked, aborted };
}

const shown = (part: SpokenPart): string | number =>
  part.type === "piece" ? part.piece.written : part.type === "audio" ? part.audio.pcm.length : "/";
const { signal } = new AbortController();

test("pieces are said in their order, each with its audio and its end, and what is not said has none", async () => {
  const parts = [];
  for await (const part of spokenAhead(all(), voice().speaking, { signal })) parts.push(shown(part));
  expect(parts).toEqual(["One. ", 4, 8, "/", "Two. ", 4, 8, "/", "```\n", "/", "Three.", 4, 8, "/"]);
});

test("the next piece is asked for while one is still made, and no other", async () => {
  const more = Promise.withResolvers<void>();
  const { speaking, asked } = voice(more.promise);
  const parts = spokenAhead(all(), speaking, { signal });
  await parts.next();
  await parts.next();
  await waitFor(() => asked.length === 2);
  expect(asked).toEqual(["One.", "Two."]);
  more.resolve();
  const rest = [];
  for await (const part of parts) rest.push(shown(part));
  expect(rest).toEqual([8, "/", "Two. ", 4, 8, "/", "```\n", "/", "Three.", 4, 8, "/"]);
});

test("a reader that leaves ends what was asked for ahead", async () => {
  const { speaking, aborted } = voice();
  for await (const part of spokenAhead(all(), speaking, { signal })) if (part.type === "audio") break;
  expect(aborted).toContain("One.");
  await waitFor(() => aborted.includes("Two."));
});

test("a failure is told after what was said before it", async () => {
  const { speaking } = voice(undefined, "Two.");
  const parts: (string | number)[] = [];
  const read = async (): Promise<void> => {
    for await (const part of spokenAhead(all(), speaking, { signal })) parts.push(shown(part));
  };
  await expect(read()).rejects.toMatchObject({ kind: "busy" });
  expect(parts).toEqual(["One. ", 4, 8, "/", "Two. "]);
});

test("a text that breaks off is told, too", async () => {
  const broken = async function* (): AsyncGenerator<SpokenPiece, void> {
    yield { written: "One. ", spoken: "One." };
    throw new Error("the model is gone");
  };
  const parts: (string | number)[] = [];
  const read = async (): Promise<void> => {
    for await (const part of spokenAhead(broken(), voice().speaking, { signal })) parts.push(shown(part));
  };
  await expect(read()).rejects.toThrow("the model is gone");
  expect(parts).toEqual(["One. ", 4, 8, "/"]);
});
