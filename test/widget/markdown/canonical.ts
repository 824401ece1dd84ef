/**
 * What a drawing and the HTML of a specification have in common, as text: the elements, their texts and where links
 * lead. Headings are compared from the first level on (the widget draws them two levels lower, and none below h6), a
 * line break is one however it came, and a tight list has no paragraphs.
 */
export function canonical(root: Element): string {
  return children(root).replace(/⏎+$/, "");
}

const INLINE = new Set(["a", "em", "strong", "s", "code", "br", "img", "span"]);

function children(node: Node): string {
  const parts = [...node.childNodes].map((child) => one(child));
  const hasBlocks = [...node.childNodes].some((child) => child instanceof Element && !INLINE.has(nameOf(child)));
  const text = parts.join("").replace(/[ \t]*⏎[ \t\n]*/g, "⏎");
  // The line ends between the blocks of a specification's HTML are none of the text.
  return hasBlocks ? text.replace(/⏎+(?=<)/g, "").replace(/(?<=>)⏎+/g, "") : text.replace(/^⏎+|⏎+$/g, "");
}

function one(node: Node): string {
  if (node instanceof Text) return node.data.replaceAll("\ufe0e", "").replace(/</g, "‹").replace(/\n/g, "⏎");
  if (!(node instanceof Element)) return "";
  const name = nameOf(node);
  switch (name) {
    case "br":
      // In a specification's HTML a line end follows, which says the same.
      return node.nextSibling instanceof Text && node.nextSibling.data.startsWith("\n") ? "" : "⏎";
    case "part":
      return children(node);
    case "pre": {
      const code = node.querySelector("code");
      const language = /language-(\S*)/.exec(code?.className ?? "")?.[1] ?? "";
      return `<pre ${language}>${(code?.textContent ?? "").replace(isDrawn(node) ? "" : /\n$/, "").replace(/</g, "‹")}</pre>`;
    }
    case "a":
      return `<a ${addressOf(node as HTMLAnchorElement)} ${(node as HTMLElement).title}>${children(node)}</a>`;
    case "img":
      return `<img ${(node as HTMLImageElement).src} ${node.getAttribute("alt")} ${(node as HTMLElement).title}>`;
    case "span":
      return children(node);
    case "p": {
      const isTight = node.parentElement?.localName === "li" && node.parentElement.parentElement?.classList.contains("fd-tight");
      return isTight ? children(node) : `<p>${children(node)}</p>`;
    }
    case "ol":
      return `<ol ${(node as HTMLOListElement).start}>${children(node)}</ol>`;
    case "th":
    case "td":
      return `<${name} ${alignOf(node)}>${children(node).trim()}</${name}>`;
    case "input":
      return (node as HTMLInputElement).checked ? "☑" : "☐";
    default:
      return `<${name}>${children(node)}</${name}>`;
  }
}

function nameOf(node: Element): string {
  if (node.classList.contains("fd-part")) return "part";
  if (node.classList.contains("fd-code")) return "pre";
  if (node.classList.contains("fd-table")) return "part";
  const level = /^h(\d)$/.exec(node.localName)?.[1];
  if (level) return `h${isDrawn(node) ? Number(level) - 2 : Math.min(Number(level), 4)}`;
  return node.localName === "del" ? "s" : node.localName;
}

function isDrawn(node: Element): boolean {
  return node.closest(".fd-markdown") !== null;
}

/** Schemes that the widget refuses lead nowhere. */
function addressOf(link: HTMLAnchorElement): string {
  return ["http:", "https:", "mailto:", "tel:"].includes(link.protocol) ? link.href.replace(/[[\]]/g, encodeURIComponent) : "";
}

function alignOf(cell: Element): string {
  return (cell as HTMLElement).style.textAlign || (cell.getAttribute("align") ?? "");
}

/** The same of a specification's HTML, which is not run: it is read in a document of its own with this page's address. */
export function canonicalHtml(html: string): string {
  const parsed = new DOMParser().parseFromString(`<base href="${document.baseURI}"><div>${html}</div>`, "text/html");
  return canonical(parsed.querySelector("div") as Element);
}
