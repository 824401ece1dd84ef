import type { ViewCsp } from "../../../protocol/views.ts";

/**
 * What the sandbox's document, and the view in it, may load: `csp` has nothing but origins. Scripts may be inline and
 * evaluated, since a view is one page that brings its own; where they may reach is what counts. `host` is the origin of
 * the one page that may show it.
 */
export function viewPolicy({ connectDomains, resourceDomains = [], frameDomains, baseUriDomains }: ViewCsp, host: string): string {
  const resources = ["data:", "blob:", ...resourceDomains];
  return Object.entries({
    "default-src": [],
    "script-src": ["'unsafe-inline'", "'unsafe-eval'", ...resources],
    "style-src": ["'unsafe-inline'", ...resources],
    "img-src": resources,
    "font-src": resources,
    "media-src": resources,
    "worker-src": ["blob:", ...resourceDomains],
    // What is in the page already can be fetched as well.
    "connect-src": ["data:", "blob:", ...(connectDomains ?? [])],
    // Where the view's frame may go, too: nowhere by itself.
    "frame-src": frameDomains ?? [],
    "base-uri": baseUriDomains ?? [],
    "object-src": [],
    "form-action": [],
    "frame-ancestors": [host],
  })
    .map(([directive, sources]) => `${directive} ${sources.length === 0 ? "'none'" : sources.join(" ")}`)
    .join("; ");
}

/** What a page could ask the browser for, and no view gets. */
export function permissionsPolicy({ clipboardWrite }: { readonly clipboardWrite: boolean }): string {
  const never = ["camera", "microphone", "geolocation", "display-capture", "clipboard-read", "payment", "publickey-credentials-get"];
  const more = ["usb", "serial", "hid", "midi", "screen-wake-lock", "fullscreen"];
  return [...never, ...more, ...(clipboardWrite ? [] : ["clipboard-write"])].map((feature) => `${feature}=()`).join(", ");
}
