import type { SpokenAudio, SpeakOptions, Speaking } from "./ports/speaking.ts";
import type { SpokenPiece } from "./text/sentences.ts";

/** A piece of an answer begins, audio of the one that began last, or its end. */
export type SpokenPart<Piece = SpokenPiece> =
  | { readonly type: "piece"; readonly piece: Piece }
  | { readonly type: "audio"; readonly audio: SpokenAudio }
  | { readonly type: "end" };

type Result = IteratorResult<SpokenAudio, unknown>;

/** A piece whose speech was asked for, with its first audio on the way. */
interface Asked<Piece> {
  readonly piece: Piece;
  readonly audio: AsyncIterator<SpokenAudio> | undefined;
  readonly first: Promise<Result>;
}

export interface AheadOptions<Piece> extends Omit<SpeakOptions, "piece"> {
  /** Whether the model wrote the piece. Absent: it did. */
  readonly isAnswer?: (piece: Piece) => boolean;
}

/**
 * Says the pieces of a text in their order. The next one is asked for while one is still heard, so that no pause lies
 * between them. What is not said of a text, such as code, comes as a piece without audio. Ends all requests when the
 * reader leaves; throws what `Speaking` throws.
 */
export async function* spokenAhead<Piece extends SpokenPiece>(
  pieces: AsyncIterable<Piece>,
  speaking: Speaking,
  { language, signal, isAnswer = () => true }: AheadOptions<Piece>,
): AsyncGenerator<SpokenPart<Piece>, void> {
  const leave = new AbortController();
  const options = { language, signal: AbortSignal.any([signal, leave.signal]) };
  const source = pieces[Symbol.asyncIterator]();
  const ask = async (): Promise<Asked<Piece> | undefined> => {
    const { done, value: piece } = await source.next();
    if (done === true) return undefined;
    const of = isAnswer(piece) ? { ...options, piece } : options;
    const audio = piece.spoken === "" ? undefined : speaking.speak(piece.spoken, of)[Symbol.asyncIterator]();
    const first = audio === undefined ? Promise.resolve<Result>({ done: true, value: undefined }) : audio.next();
    // Whoever reads hears of it when its turn comes.
    first.catch(() => undefined);
    return { piece, audio, first };
  };
  let next = ask();
  next.catch(() => undefined);
  try {
    for (let asked = await next; asked !== undefined; asked = await next) {
      yield { type: "piece", piece: asked.piece };
      let result = await asked.first;
      next = ask();
      next.catch(() => undefined);
      while (result.done !== true) {
        yield { type: "audio", audio: result.value };
        result = (await asked.audio?.next()) ?? { done: true, value: undefined };
      }
      yield { type: "end" };
    }
  } finally {
    leave.abort(new Error("Nobody listens any more."));
    void source.return?.().catch(() => undefined);
  }
}
