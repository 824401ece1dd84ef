/** Names an element, unless the page has it already: the script may run twice, and the first definition stays. */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
