import { createHmac, timingSafeEqual } from "node:crypto";

/** The prefix of every cookie that the sign-in sets. */
export const COOKIE_PREFIX = "frontdesk";

/** Browsers accept `__Secure-` cookies over https only. */
export function sessionCookieName(isHttps: boolean): string {
  return `${isHttps ? "__Secure-" : ""}${COOKIE_PREFIX}.session_token`;
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
