/** What of the widget is wider than its place, one line each. */
export function tooWide(): readonly string[] {
  const root = document.querySelector("front-desk")!.shadowRoot!;
  const thread = root.querySelector("front-desk-thread")?.shadowRoot;
  const boxes = [
    document.documentElement,
    root.querySelector(".panel"),
    thread?.querySelector(".scroller"),
    ...(thread?.querySelectorAll("front-desk-turn") ?? []),
  ];
  return boxes.flatMap((box) => {
    if (!box) return [];
    const { left, right } = box.getBoundingClientRect();
    const isWide = box.scrollWidth > box.clientWidth + 1 || left < -1 || right > window.innerWidth + 1;
    return isWide ? [`${box.localName}.${box.className} ${box.scrollWidth} > ${box.clientWidth}, ${left} to ${right}`] : [];
  });
}
