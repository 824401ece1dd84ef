/**
 * From places in the audio to words: which part of a text was heard. A word was heard once all of it was.
 */

/** How long a character takes where nothing is known of the voice yet. */
const CHARACTER_MS = 65;

/** The audio of one piece of text. Places are milliseconds of all audio of the call. */
export interface PlayedPiece {
  /** What is said of it. */
  readonly spoken: string;
  readonly fromMs: number;
  /** Where the audio ends that is there. */
  readonly untilMs: number;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/**
 * How many characters of what is said were heard up to this place. `characterMs`: of this voice, for a piece whose end
 * is not known yet.
 */
export function charactersUntil({ spoken, fromMs, untilMs, isWhole }: PlayedPiece, placeMs: number, characterMs = CHARACTER_MS): number {
  const playedMs = Math.min(placeMs, untilMs) - fromMs;
  if (playedMs <= 0) return 0;
  const thereMs = untilMs - fromMs;
  if (isWhole && playedMs >= thereMs - ROUNDING_MS) return spoken.length;
  const wholeMs = isWhole ? thereMs : Math.max(thereMs, spoken.length * characterMs);
  return Math.min(spoken.length, Math.floor((playedMs / wholeMs) * spoken.length));
}

/** Places are sent as whole milliseconds. */
const ROUNDING_MS = 1;

/**
 * Where in the text as it was written the last word ends of which all was heard. `characters` of `spoken` were. All of
 * it was heard: all that was written. Less than a word: 0.
 */
export function writtenHeard({ written, spoken }: { written: string; spoken: string }, characters: number, language?: string): number {
  if (characters >= spoken.length) return written.length;
  let place = 0;
  let heard = 0;
  for (const { segment, index, isWordLike } of segmenterOf(language).segment(spoken)) {
    if (index + segment.length > characters) break;
    if (isWordLike !== true) continue;
    // What is said is what was written with marks taken out: its words come in the same order.
    const at = written.indexOf(segment, place);
    if (at < 0) continue;
    place = at + segment.length;
    heard = place;
  }
  return heard;
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(language = "en"): Intl.Segmenter {
  const found = segmenters.get(language);
  if (found !== undefined) return found;
  const made = new Intl.Segmenter(supported(language), { granularity: "word" });
  segmenters.set(language, made);
  return made;
}

function supported(language: string): string[] {
  try {
    return Intl.Segmenter.supportedLocalesOf([language]);
  } catch {
    return [];
  }
}
