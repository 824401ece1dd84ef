/**
 * The whole policy that a site needs for the widget, and nothing more: no inline script or style, no `eval`, no fonts.
 * The README shows the same lines; the shop is the proof that they are enough. `deskUrl` may have a path. `sandboxUrl`:
 * where views of tools are shown; undefined: nowhere.
 */
export function contentSecurityPolicy(deskUrl: string, sandboxUrl?: string): string {
  const { origin, pathname } = new URL(deskUrl);
  // With a slash at its end, a path stands for everything below it.
  const desk = pathname === "/" ? origin : `${origin}${pathname.replace(/\/*$/, "/")}`;
  const socket = desk.replace(/^http/u, "ws");
  return [
    "default-src 'none'",
    `script-src 'self' ${desk}`,
    "style-src 'self'",
    `img-src 'self' blob: ${desk}`,
    "media-src blob:",
    `connect-src 'self' ${desk} ${socket}`,
    "font-src 'none'",
    ...(sandboxUrl === undefined ? [] : [`frame-src ${sandboxUrl}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
