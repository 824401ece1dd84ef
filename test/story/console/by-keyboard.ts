/** Somebody who has no pointer. */
import type { Page } from "playwright-core";

/** What has the focus, by its name. */
export async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null) return "";
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
        ? element.labels
        : null;
    const text = element.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? element.textContent ?? "";
    return text.replaceAll(/\s+/g, " ").trim();
  });
}

/** Presses Tab until it is there. */
export async function reach(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)).replace(/ \(optional\)$/, "") === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to "${name}".`);
}

export async function typing(page: Page, name: string, text: string): Promise<void> {
  await reach(page, name);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

/** That the focus is somewhere, and can be seen there. */
export async function focusFault(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return "The focus is on the page itself.";
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    const place = element.getBoundingClientRect();
    const name = `${element.tagName} ${element.textContent?.trim().slice(0, 40) ?? ""}`;
    if (place.width === 0 || place.height === 0) return `${name} has the focus and no size.`;
    if (place.bottom < 0 || place.top > innerHeight) return `${name} has the focus out of view.`;
    // What was focused by the page, such as a heading, need not have a frame.
    if (
      element.matches(":focus-visible") &&
      element.matches("a, button, input, select, textarea, summary") &&
      outlineStyle === "none" &&
      boxShadow === "none"
    )
      return `${name} has the focus, which cannot be seen.`;
    return undefined;
  });
}
