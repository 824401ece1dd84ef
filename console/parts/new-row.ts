import type { LitElement } from "lit";

/**
 * Puts the cursor into the last field that `selector` finds in `rows`, as soon as what was set with this press is drawn:
 * before the press has ended, so that whoever types at once loses no key. What the field begins with is selected.
 */
export async function focusNewRow(rows: Element | null, selector: string): Promise<void> {
  if (rows === null) return;
  // From the outermost, since each gives the one inside it what is new.
  for (const element of around(rows).toReversed()) await element.updateComplete;
  const field = [...rows.querySelectorAll<HTMLElement>(selector)].at(-1);
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

function around(inner: Element): readonly Partial<LitElement>[] {
  const elements: Element[] = [];
  for (let at: Element | null = inner; at !== null; at = at.parentElement) elements.push(at);
  return elements as readonly Partial<LitElement>[];
}
