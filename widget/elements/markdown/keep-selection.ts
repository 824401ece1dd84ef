/**
 * Changes what stands under `place` and gives the reader's selection back, as far as the text nodes it begins and ends
 * in are still there. Nodes that are moved would lose it.
 */
export function keepSelection(place: Node, change: () => void): void {
  const root = place.getRootNode();
  const selection = getSelection();
  // Engines say different things of a selection in a shadow root, but here. Older ones do not know it.
  const [range] = selection?.getComposedRanges?.({ shadowRoots: root instanceof ShadowRoot ? [root] : [] }) ?? [];
  const isInside = range !== undefined && !range.collapsed && place.contains(range.startContainer);
  change();
  if (isInside) selection?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
}
