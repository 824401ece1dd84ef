const NAME = "frontdesk";

interface Policy {
  createHTML(html: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(html: string): string }): Policy;
}

/**
 * The Trusted Types policy for the widget's own templates, in place of the one that lit-html makes: the build puts it
 * there. Undefined where the element is defined already, by another copy of this code: that copy draws, and a list of
 * `trusted-types` allows a name once. Throws when the list lacks the name; the message is for the website's owner.
 */
export function htmlPolicy(factory: PolicyFactory): Policy | undefined {
  if (customElements.get("front-desk")) return undefined;
  try {
    return factory.createPolicy(NAME, { createHTML: (html) => html });
  } catch {
    throw new Error(`Add "${NAME}" to "trusted-types" in the Content-Security-Policy of this page.`);
  }
}
