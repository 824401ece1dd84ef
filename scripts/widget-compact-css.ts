import type { Plugin } from "vite";

/**
 * Takes comments and needless white space out of tagged `css` templates and the pasted script's style, which no minifier looks into. Safe for our own
 * style sheets only: a string in them must not hold two spaces, a brace or a semicolon.
 */
export function compactCss(): Plugin {
  return {
    name: "compact-css",
    enforce: "pre",
    transform(code, id) {
      if (!/\.styles\.ts$|launcher-style\.ts$/.test(id)) return null;
      return code.replace(/((?:\bcss|const css = ))`([^`]*)`/g, (_, before: string, css: string) => `${before}\`${compact(css)}\``);
    },
  };
}

function compact(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/;}/g, "}")
    .trim();
}
