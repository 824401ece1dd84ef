/**
 * What of the widget is written from left to right and does not stand so, one line each: code, and dates, whose parts
 * would change places.
 */
export function misplaced(): readonly string[] {
  return Array.from(below(document.querySelector("front-desk")!)).flatMap((element) => {
    if (element.matches("input[type^=date]")) return getComputedStyle(element).direction === "ltr" ? [] : [`input ${element.id}`];
    if (!element.matches("pre") || !element.checkVisibility()) return [];
    const text = document.createRange();
    text.selectNodeContents(element);
    const start = element.getBoundingClientRect().left;
    const first = text.getClientRects()[0]?.left ?? start;
    return first - start < 40 ? [] : [`pre, ${first - start} px from its left edge`];
  });
}

function* below(node: Element | ShadowRoot): Generator<Element> {
  const roots = node instanceof Element && node.shadowRoot ? [node.shadowRoot, node] : [node];
  for (const child of roots.flatMap((root) => Array.from(root.children))) {
    yield child;
    yield* below(child);
  }
}
