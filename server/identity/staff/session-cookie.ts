import { createHmac, timingSafeEqual } from "node:crypto";

/** How browsers reach the server. */
export interface CookiePlace {
  readonly isHttps: boolean;
  /** The path of `PUBLIC_URL`, such as `/desk`; empty if it has none. */
  readonly basePath: string;
}

/**
 * What the name of every cookie of the sign-in begins with. Browsers take a `__Host-` cookie only from this very host,
 * over https and for all its paths, so no neighbour on another host of the domain can plant one. Under a path the
 * cookie has that path, which `__Host-` does not allow: there it is `__Secure-`, which asks for https alone.
 */
export function cookiePrefix({ isHttps, basePath }: CookiePlace): string {
  return `${!isHttps ? "" : basePath === "" ? "__Host-" : "__Secure-"}frontdesk`;
}

export function sessionCookieName(place: CookiePlace): string {
  return `${cookiePrefix(place)}.session_token`;
}

/**
 * The session's token in a `Cookie` header; undefined if it is absent or was not signed with `secret`. The sign-in
 * library writes it as `<token>.<HMAC-SHA-256 of it in base64>`, so it can be read without loading the library. A
 * cookie that comes twice is refused, because another site of the same domain may have set one of them.
 */
export function readSessionToken(
  header: string | undefined,
  options: { readonly name: string; readonly secret: string },
): string | undefined {
  const found = (header ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${options.name}=`));
  const [cookie] = found;
  if (cookie === undefined || found.length > 1) return undefined;
  const value = decode(cookie.slice(options.name.length + 1));
  const dot = value?.lastIndexOf(".") ?? -1;
  if (value === undefined || dot < 1) return undefined;
  const token = value.slice(0, dot);
  const given = Buffer.from(value.slice(dot + 1), "base64");
  const expected = createHmac("sha256", options.secret).update(token).digest();
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
