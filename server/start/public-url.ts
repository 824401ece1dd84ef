import { basePathOf } from "../foundation/base-path.ts";

/**
 * Where this server answers. A proxy may take the path of `PUBLIC_URL` off or leave it on; for that, no address of ours
 * may begin like it.
 */
const OWN_PATHS = [
  "/.well-known",
  "/api/auth",
  "/api/v1",
  "/assets",
  "/connect",
  "/console",
  "/frontdesk.js",
  "/frontdesk.json",
  "/healthz",
  "/invitation",
  "/line",
  "/mcp",
  "/mcp_endpoint",
  "/metrics",
  "/oauth",
  "/oauth2",
  "/pictures",
  "/readyz",
  "/setup",
  "/staff-line",
  "/v",
  "/voice",
];

const SAMPLES = 'such as "https://desk.example.com" or "https://shop.example/desk"';

/** Undefined: it can be `PUBLIC_URL`. Otherwise what was expected instead. */
export function publicUrlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return `expected an http or https address, ${SAMPLES}`;
  if (url.username !== "" || url.password !== "") return `expected an address without a name and a password, ${SAMPLES}`;
  if (/[?#]/.test(text)) return `expected an address without "?" and "#", ${SAMPLES}`;
  const path = basePathOf(publicUrlOf(text));
  if (!/^(?:\/[\w.~-]+)*$/.test(path))
    return `expected a path of letters, digits, ".", "_", "~" and "-" between single slashes, ${SAMPLES}`;
  const own = OWN_PATHS.find((one) => `${one}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${one}/`));
  return own === undefined || path === ""
    ? undefined
    : `expected another path, ${SAMPLES}: Frontdesk itself answers at ${own}, so it could not tell what a proxy has taken off`;
}

/** As everybody writes it: the host in small letters, no standard port, no slash at the end. */
export function publicUrlOf(text: string): string {
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, "");
}
