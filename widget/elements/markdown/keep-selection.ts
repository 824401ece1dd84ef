/**
 * Changes what stands under `place` and gives the reader's selection back, as far as the text nodes it begins and ends
 * in are still there. Nodes that are moved would lose it.
 */
export function keepSelection(place: Node, change: () => void): void {
  const root = place.getRootNode() as (Document | ShadowRoot) & { getSelection?(): Selection | null };
  const selection = root.getSelection?.() ?? document.getSelection();
  const { anchorNode, anchorOffset = 0, focusNode, focusOffset = 0 } = selection ?? {};
  const isInside = place.contains(anchorNode ?? null);
  change();
  if (isInside && anchorNode && focusNode && selection?.anchorNode !== anchorNode) {
    selection?.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  }
}
