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
    const isWide = (box.scrollWidth > box.clientWidth + 1 && reachesOut(box)) || left < -1 || right > window.innerWidth + 1;
    return isWide ? [`${box.localName}.${box.className} ${box.scrollWidth} > ${box.clientWidth}, ${left} to ${right}`] : [];
  });
}

/** From right to left, Firefox counts a turn's padding twice; what is in it decides, but for what scrolls by itself. */
function reachesOut(turn: Element): boolean {
  if (turn.localName !== "front-desk-turn") return true;
  const { left, right } = turn.getBoundingClientRect();
  return [...turn.querySelectorAll("*")].some((one) => {
    const box = one.getBoundingClientRect();
    if (box.width === 0 || one.parentElement?.closest(".fd-table, pre") != null) return false;
    if (box.left < left - 1 || box.right > right + 1) return true;
    return getComputedStyle(one).overflowX === "visible" && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
  });
}
