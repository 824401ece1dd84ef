interface Aiming {
  soughtByTest?: Element;
  /** Whether the press reached it; `undefined` before there was one. */
  wasHit?: boolean | undefined;
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
  const guard = (event: Event): void => {
    aiming.wasHit ??= event.composedPath().includes(aiming.soughtByTest!);
    if (aiming.wasHit) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  for (const kind of kinds) addEventListener(kind, guard, true);
  aiming.endAiming = () => {
    for (const kind of kinds) removeEventListener(kind, guard, true);
  };
}

/** Ends what `aim` began; whether the press hit. Runs inside the page: one that is new was hit, and left. */
export function didHit(): boolean {
  const aiming = window as unknown as Aiming;
  aiming.endAiming?.();
  return aiming.endAiming === undefined || aiming.wasHit === true;
}
