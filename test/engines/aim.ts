interface Aiming {
  soughtByTest?: Element;
  /** Whether a press began on it; `undefined` before there was one. */
  wasHit?: boolean | undefined;
  /** Whether the press ended on it as well: a click, which is what a page acts on. */
  wasClicked?: boolean;
  endAiming?: () => void;
}

/**
 * From now on, a press of the mouse that does not reach what `seek` found last reaches nothing: it may have moved
 * since. Runs inside the page.
 */
export function aim(): void {
  const aiming = window as unknown as Aiming;
  const kinds = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
  aiming.wasHit = undefined;
  aiming.wasClicked = false;
  const guard = (event: Event): void => {
    const isOnIt = event.composedPath().includes(aiming.soughtByTest!);
    aiming.wasHit ??= isOnIt;
    if (aiming.wasHit && event.type === "click") aiming.wasClicked = isOnIt;
    if (aiming.wasHit) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  for (const kind of kinds) addEventListener(kind, guard, true);
  aiming.endAiming = () => {
    for (const kind of kinds) removeEventListener(kind, guard, true);
  };
}

/** Ends what `aim` began; whether it was clicked. Runs inside the page: one that is new was clicked, and left. */
export function didHit(): boolean {
  const aiming = window as unknown as Aiming;
  aiming.endAiming?.();
  return aiming.endAiming === undefined || aiming.wasClicked === true;
}
