/** Whether a key belongs to an input method. Safari ends the composition before it reports the key that ended it: 229. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
