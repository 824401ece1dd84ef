const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ["href", "target", "rel", "title"],
  img: ["src", "alt", "loading", "decoding", "referrerpolicy", "title"],
  ol: ["start"],
  pre: ["role", "tabindex", "aria-label"],
  div: ["role", "tabindex", "aria-label"],
  button: ["type"],
};

const PLAIN = "p h3 h4 h5 h6 blockquote ul ol li br hr code em strong s a span img div pre button table thead tbody tr th td".split(" ");

/** Says what in a drawing should not be there. Runs inside the page: nothing outside this function may be used. */
export function inspectDrawing([root, plain, attributes]: readonly [
  HTMLElement,
  readonly string[],
  Readonly<Record<string, readonly string[]>>,
]): string[] {
  const faults: string[] = [];
  for (const node of root.querySelectorAll("*")) {
    const name = node.localName;
    if (!plain.includes(name) || node.namespaceURI !== "http://www.w3.org/1999/xhtml") faults.push(`element ${name}`);
    for (const attribute of node.attributes) {
      const allowed = ["class", "dir", ...(attributes[name] ?? [])];
      if (!allowed.includes(attribute.name)) faults.push(`attribute ${attribute.name} on ${name}`);
    }
    const classes = name === "code" ? /^language-\S+$/ : /^fd-[a-z-]+( fd-done)?$|^fd-done$/;
    if (node.hasAttribute("class") && !classes.test(node.className)) faults.push(`class ${node.className}`);
    if (node instanceof HTMLAnchorElement && node.hasAttribute("href")) {
      if (!["http:", "https:", "mailto:", "tel:"].includes(node.protocol)) faults.push(`link to ${node.href}`);
      if (node.username || node.password) faults.push(`link with a disguised host ${node.href}`);
      const leaves = node.origin !== location.origin;
      if (leaves && (node.target !== "_blank" || !node.rel.includes("noopener"))) faults.push(`unsafe way to ${node.href}`);
    }
    if (node instanceof HTMLImageElement && new URL(node.src).origin !== location.origin) faults.push(`image ${node.src}`);
  }
  return faults;
}

/** The allow lists, as arguments for {@link inspectDrawing}. */
export const ALLOWED = [PLAIN, ATTRIBUTES] as const;
