import { element } from "./element.ts";

/**
 * Puts text on the clipboard. Pages without a secure context, or frames without the permission, have no clipboard API:
 * there the text is selected in a field beside `near` and copied as a person would.
 *
 * @returns whether it was copied
 */
export async function copyText(text: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea");
    field.value = text;
    near.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
