/** Whether one of `patterns`, such as `cart.*,search`, is this name. A `*` is anything. */
export function isNamed(name: string, patterns: string): boolean {
  return patterns.split(",").some((pattern) => {
    const parts = pattern.trim().split("*");
    if (parts.length === 1) return parts[0] === name;
    return new RegExp(`^${parts.map((part) => part.replace(/[^\w]/g, "\\$&")).join(".*")}$`).test(name);
  });
}

/** What widgets of this page offer to the browser's assistant: no widget takes it for a tool of the page. */
export const ownNames = new Set<string>();
