const OPENABLE = /^(https?|mailto|tel):$/;
const LOADABLE = /^https?:$/;

/**
 * The address of a link or image in a model's text, if it is one that a customer may follow.
 *
 * Only what the browser's own URL parser made of it is judged and used, so that line breaks, controls and entities hide
 * nothing. Relative addresses belong to the page that embeds the widget. Addresses with a name or password in them are
 * refused: they serve to make one host look like another.
 *
 * @returns the parsed address, or undefined for one that is refused
 */
export function safeAddress(written: string, use: "open" | "load"): URL | undefined {
  // A backslash is a letter of the address, which browsers would read as a slash.
  const address = written.trim().replaceAll("\\", "%5C");
  if (!address || !URL.canParse(address, document.baseURI)) return undefined;
  const url = new URL(address, document.baseURI);
  const schemes = use === "open" ? OPENABLE : LOADABLE;
  return schemes.test(url.protocol) && !url.username && !url.password ? url : undefined;
}

/** Whether the address belongs to the page that embeds the widget. */
export function isOwnOrigin(url: URL): boolean {
  return url.origin === location.origin;
}
