import { IMAGE, LINK, RAW_URL, parser, parser_end, parser_write, type Parser } from "streaming-markdown";
import type { MarkdownSettings } from "./markdown-words.ts";
import { isRefused } from "./refuse-token.ts";
import { createTokenDrawing } from "./token-drawing.ts";

/** What the parser has read and not decided about is copied with each character; longer than this it is text. */
const LONGEST_UNDECIDED = 256;
const LONGEST_ADDRESS = 2048;
const PIECE = /[^\n]{1,256}|\n/gu;

/** Draws Markdown under an element as it is written, at once. */
export interface MarkdownWriter {
  /** Draws what this text adds. A character must not be split over two calls. */
  write(text: string): void;
  /** Draws what was waiting for more, and closes everything. Nothing may be written afterwards. */
  end(): void;
}

/**
 * streaming-markdown's parser with our drawing, and with limits where the parser has none: nesting, endless addresses
 * and brackets that never close cost neither time nor text.
 */
export function createMarkdownWriter(root: HTMLElement, { words }: MarkdownSettings): MarkdownWriter {
  const drawing = createTokenDrawing(root, words);
  let previousCharacter = "";
  const state = parser({
    data: undefined,
    add_token: (_, token) => {
      if (!isRefused(token, state, previousCharacter, drawing.text)) {
        previousCharacter = "";
        drawing.open(token);
        return;
      }
      forget(state);
      state.blockquote_idx = Math.min(state.blockquote_idx, state.len);
    },
    end_token: () => {
      previousCharacter = "";
      drawing.close(state.pending);
    },
    add_text: (_, text) => {
      previousCharacter = text.slice(-1);
      drawing.text(text);
    },
    set_attr: (_, kind, value) => drawing.attribute(kind, value),
  });

  function abandon(): void {
    if (state.pending.startsWith("](")) {
      drawing.text(state.pending);
      state.pending = "";
    }
    forget(state);
    drawing.close("");
  }

  return {
    write(text) {
      for (const [piece] of text.matchAll(PIECE)) {
        if (piece === "\n" && isUnclosed(state)) abandon();
        parser_write(state, piece);
        // The parser repeats an indent as text all at once.
        state.indent_len = Math.min(state.indent_len, LONGEST_UNDECIDED);
        const isAddress = state.token === RAW_URL || isUnclosed(state);
        if (state.pending.length <= (isAddress ? LONGEST_ADDRESS : LONGEST_UNDECIDED)) continue;
        if (isUnclosed(state)) abandon();
        else parser_write(state, "\n");
      }
      drawing.flush();
    },
    end() {
      if (isUnclosed(state)) abandon();
      parser_end(state);
      drawing.finish();
    },
  };
}

/** Takes the innermost open token back from the parser. */
function forget(state: Parser): void {
  state.len -= 1;
  state.token = state.tokens[state.len] ?? 0;
}

/**
 * Whether the parser is inside what it would read past the end of the line, and of the answer, for its last bracket.
 */
function isUnclosed({ token, pending }: Parser): boolean {
  return token === IMAGE || (token === LINK && pending.startsWith("]("));
}
