import {
  BLOCKQUOTE,
  EQUATION_BLOCK,
  EQUATION_INLINE,
  ITALIC_AST,
  ITALIC_UND,
  LINK,
  LIST_ITEM,
  LIST_ORDERED,
  LIST_UNORDERED,
  STRIKE,
  STRONG_AST,
  STRONG_UND,
  type Parser,
} from "streaming-markdown";

/** The parser keeps 24 levels and forgets deeper ones; below this depth only the few that cannot nest are added. */
const DEEPEST = 18;

/**
 * Decides, right after the parser opened a token, whether to go on as if it had not. `before` is the character before
 * it; `write` takes the marks, which are then text.
 */
export function isRefused(token: number, state: Parser, before: string, write: (text: string) => void): boolean {
  switch (token) {
    // Formulas are not drawn, and "$" is money here.
    case EQUATION_INLINE:
      write(state.pending === "\\" ? "(" : "$");
      return true;
    case EQUATION_BLOCK:
      write(`${state.pending}\n`);
      return true;
    case LIST_ITEM: {
      const parent = state.tokens[state.len - 1];
      return parent !== LIST_ORDERED && parent !== LIST_UNORDERED;
    }
    case ITALIC_UND:
    case STRONG_UND:
      // The underscores of order_id are letters.
      if (!/[\p{L}\p{N}_]/u.test(before)) return state.len > DEEPEST;
      write(token === ITALIC_UND ? "_" : "__");
      return true;
    case BLOCKQUOTE:
    case LIST_ORDERED:
    case LIST_UNORDERED:
    case ITALIC_AST:
    case STRONG_AST:
    case STRIKE:
    case LINK:
      return state.len > DEEPEST;
    default:
      return false;
  }
}
