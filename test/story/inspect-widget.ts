import type { ElementHandle, Page } from "playwright-core";
import { ALLOWED, inspectDrawing } from "../widget/markdown/inspect-drawing.ts";

/** Elements that the widget draws by itself, outside the assistant's Markdown. */
const DRAWN =
  "article audio br button dd details div dl dt fieldset form h2 h3 img input label legend li p path pre progress section slot span strong summary svg rect circle textarea time ul";
/** Attributes that cannot run or load anything. `src` is looked at by itself. */
const HARMLESS =
  /^(aria-[a-z]+|class|part|exportparts|role|id|dir|lang|tabindex|hidden|open|type|name|rows|enterkeyhint|placeholder|title|maxlength|max|value|disabled|controls|alt|src|viewbox|d|style|checked|for|autocomplete|novalidate|x|y|r|cx|cy|rx|ry|width|height|fill|stroke[a-z-]*)$/i;

/**
 * Says what in the widget's shadow trees should not be there, be it an element, an attribute, an address or a handler.
 */
export async function inspectWidget(page: Page): Promise<string[]> {
  const faults = await page.evaluate(
    ([drawn, harmless]) => {
      const isHarmless = new RegExp(harmless.slice(1, harmless.lastIndexOf("/")), "i");
      const names = new Set(drawn.split(" "));
      const faults: string[] = [];
      const look = (root: ShadowRoot | Element): void => {
        for (const node of root.children) {
          const name = node.localName;
          const isOurs = name.startsWith("front-desk-");
          if (!isOurs && !names.has(name)) faults.push(`element ${name}`);
          for (const { name: attribute, value } of node.attributes) {
            if (!isHarmless.test(attribute)) faults.push(`attribute ${attribute} on ${name}`);
            if (attribute === "src" && !value.startsWith(`blob:${location.origin}/`)) faults.push(`${name} loads ${value}`);
            // Set through the style object, one property each, as the policy allows; nothing that loads.
            if (attribute === "style" && /url\(|expression|import/i.test(value)) faults.push(`style ${value}`);
          }
          if (node.shadowRoot) look(node.shadowRoot);
          if (name !== "front-desk-answer") look(node);
        }
      };
      for (const host of document.querySelectorAll("front-desk")) if (host.shadowRoot) look(host.shadowRoot);
      return faults;
    },
    [DRAWN, HARMLESS.toString()] as const,
  );
  for (const answer of await page.locator("front-desk-answer").elementHandles())
    faults.push(...(await page.evaluate(inspectDrawing, [answer as ElementHandle<HTMLElement>, ...ALLOWED] as const)));
  return faults;
}
