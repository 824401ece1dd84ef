const NAME = "frontdesk";

interface Policy {
  createHTML(html: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(html: string): string }): Policy;
}

/**
 * The Trusted Types policy for the widget's own templates, in place of the one that lit-html makes: the build puts it
 * there. Undefined where the element is there already, of another copy of this code: then that copy draws. Throws when
 * the page's `trusted-types` lacks the name; the message is for the website's owner.
 */
export function htmlPolicy(factory: PolicyFactory): Policy | undefined {
  try {
    return factory.createPolicy(NAME, { createHTML: (html) => html });
  } catch {
    if (customElements.get("front-desk")) return undefined;
    throw new Error(`Add "${NAME}" to "trusted-types" in the Content-Security-Policy of this page.`);
  }
}
