import { html, type TemplateResult } from "lit";

const WAIT_MS = 200;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Words to search a list for; `search` is called when the typing pauses. */
export function searchField(label: string, value: string, search: (text: string) => void): TemplateResult {
  const typed = (event: Event): void => {
    const { value: text } = event.currentTarget as HTMLInputElement;
    clearTimeout(timer);
    timer = setTimeout(() => search(text.trim()), WAIT_MS);
  };
  return html`<input type="search" aria-label=${label} placeholder=${label} .value=${value} @input=${typed} />`;
}
