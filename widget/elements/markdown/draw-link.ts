import { isOwnOrigin, safeAddress } from "./safe-address.ts";

/**
 * Makes a drawn `<a>` lead to the address. One that is refused stays without `href`: its text remains, and it is no
 * link. Links to other origins open in a window of their own and reveal nothing about this page; mail and telephone
 * numbers open no page.
 */
export function drawLink(link: HTMLAnchorElement, written: string, title: string): void {
  const url = safeAddress(written, "open");
  if (!url) return;
  link.href = url.href;
  if (title) link.title = title;
  if (url.origin === "null" || isOwnOrigin(url)) return;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow ugc";
}
