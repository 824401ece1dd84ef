import { element } from "./element.ts";
import type { MarkdownWords } from "./markdown-words.ts";
import type { Inline } from "./parser/inline.ts";
import { isOwnOrigin, safeAddress } from "./safe-address.ts";

/**
 * Fills `place` with an image. The page's own images load when they come into view; one from another origin is a button
 * until somebody asks for it, because the request itself would carry data away. A refused address leaves the
 * description.
 */
export function drawImage(place: HTMLElement, { address, text: description, title }: Inline, words: MarkdownWords): void {
  const url = safeAddress(address, "load");
  if (!url) {
    place.append(description);
    return;
  }
  const image = element("img");
  image.alt = description;
  if (title) image.title = title;
  image.loading = "lazy";
  image.decoding = "async";
  image.referrerPolicy = "no-referrer";
  if (isOwnOrigin(url)) {
    image.src = url.href;
    place.append(image);
    return;
  }
  const button = element("button", "fd-show-image");
  button.type = "button";
  button.append(words.showImage(url.host));
  button.onclick = (event) => {
    // An image may stand inside a link, which must not open too.
    event.preventDefault();
    image.src = url.href;
    image.tabIndex = -1;
    place.replaceChildren(image);
    // The button had the focus and is gone.
    image.focus();
  };
  place.append(description && `${description} `, button);
}
