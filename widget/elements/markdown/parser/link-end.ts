import { addressEnd, endOf, readTarget, titleEnd, type Target } from "./link-target.ts";
import { normalLabel, readLabel, type References } from "./references.ts";

const BLANK = /\s*/y;
/** What an address and its title, or a label, look like while they are written. */
const PARTIAL = /^(?:\(\s*(?:<[^<>\n]*>?|[^\s<]\S*)?(?:\s+(?:["'(][^\n]{0,200})?)?|\[(?:[^\\\]]|\\(?:[^]|$)){0,999})$/;
const LONGEST_PARTIAL = 4096;

/** What makes brackets a link or an image, and where that ends. */
export interface LinkEnd {
  readonly target: Target;
  readonly end: number;
}

/** What a parse of inlines needs besides the text. */
export interface InlineContext {
  readonly references: References;
  /** Is told each label that no definition has yet. */
  readonly miss: (label: string) => void;
}

/** Brackets in the source: where the text in them begins with its `[`, and where what follows them begins. */
export interface LinkPlace {
  readonly from: number;
  readonly at: number;
  /** The source goes on. */
  readonly isOpen: boolean;
}

/**
 * Reads what stands behind brackets. Returns "open" where a text that goes on ends before that is decided, and undefined
 * if the brackets are only brackets.
 */
export function readLinkEnd(source: string, place: LinkPlace, { references, miss }: InlineContext): LinkEnd | "open" | undefined {
  const { from, at, isOpen } = place;
  const inline = readInlineEnd(source, at);
  if (inline) return inline;
  if (isOpen && source.length - at < LONGEST_PARTIAL && (at === source.length || PARTIAL.test(source.slice(at)))) return "open";
  const own = readLabel(source, from);
  const full = readLabel(source, at);
  const label = full?.label ?? (own?.end === at ? own.label : undefined);
  if (label === undefined) return undefined;
  const normal = normalLabel(label);
  const target = references.get(normal);
  if (target === undefined) {
    miss(normal);
    return undefined;
  }
  return { target, end: full?.end ?? (source.startsWith("[]", at) ? at + 2 : at) };
}

function readInlineEnd(source: string, at: number): LinkEnd | undefined {
  if (source[at] !== "(") return undefined;
  const begin = endOf(BLANK, source, at + 1);
  const addressTo = addressEnd(source, begin);
  if (addressTo < 0) return undefined;
  const titleFrom = endOf(BLANK, source, addressTo);
  const titleTo = titleFrom > addressTo ? titleEnd(source, titleFrom) : -1;
  const end = endOf(BLANK, source, Math.max(titleTo, titleFrom));
  if (source[end] !== ")") return undefined;
  return { target: readTarget(source.slice(begin, addressTo), titleTo < 0 ? "" : source.slice(titleFrom, titleTo)), end: end + 1 };
}
