import { parseSync, Visitor } from "vite";
import type { Plugin } from "vite";

/**
 * Takes needless white space and comments out of `css` and `html` templates, which no minifier looks into. It relies on
 * our own habits: no string in a style sheet holds two spaces, a brace or a semicolon, and no `html` template breaks a
 * line where white space is kept.
 */
export function compactTemplates(): Plugin {
  return {
    name: "compact-templates",
    transform(code, id) {
      if (!/\/widget\/.*\.ts$/.test(id) || !/\b(css|html)`/.test(code)) return null;
      const pieces: { start: number; end: number; text: string }[] = [];
      const visitor = new Visitor({
        TaggedTemplateExpression({ tag, quasi }) {
          if (tag.type !== "Identifier" || (tag.name !== "css" && tag.name !== "html")) return;
          // Where the tag does nothing, it only marks a style sheet: the pasted script has none of Lit's.
          if (/\bconst css =/.test(code)) pieces.push({ start: tag.start, end: tag.end, text: "" });
          const compact = tag.name === "css" ? compactCss : compactHtml;
          for (const { start, end, value } of quasi.quasis) pieces.push({ start, end, text: compact(value.raw) });
        },
      });
      visitor.visit(parseSync(id.replace(/\.ts$/, ".js"), code).program);
      let compacted = code;
      for (const { start, end, text } of pieces.toSorted((left, right) => right.start - left.start)) {
        compacted = compacted.slice(0, start) + text + compacted.slice(end);
      }
      return { code: compacted, map: null };
    },
  };
}

function compactCss(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/([a-z-]): /g, "$1:")
    .replace(/;}/g, "}")
    .replace(/="([a-z]+)"(?=])/g, "=$1")
    .replace(/ (?=[)>!])|(?<=[(>]) /g, "")
    .replace(/(?<![\w.])0(?=\.\d)/g, "")
    .replace(/^ /, "");
}

function compactHtml(html: string): string {
  return html.replace(/\s*\n\s*/g, " ");
}
