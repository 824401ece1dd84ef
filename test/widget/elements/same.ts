/** Fails unless both are the same as JSON. */
export function same(found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found, null, 2), JSON.stringify(expected, null, 2)];
  if (left !== right) throw new Error(`Expected ${right}\nbut found ${left}`);
}
