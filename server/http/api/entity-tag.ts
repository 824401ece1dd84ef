import { ProblemError } from "../problem.ts";

/** The `ETag` of a version: strong (RFC 9110, 8.8.3), as any change at all makes a new one. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that `If-Match` names. Throws a problem: `version-required` without one (`*` names none),
 * `version-changed` for a weak tag, which never matches, and `bad-request` for what is not a single tag.
 */
export function readIfMatch(header: string | undefined): number {
  const text = header?.trim() ?? "";
  if (text === "" || text === "*") throw new ProblemError("version-required", { detail: 'Expected If-Match with the ETag, such as "3".' });
  if (text.startsWith("W/"))
    throw new ProblemError("version-changed", { detail: "A weak ETag never matches here. Send the ETag exactly as it was answered." });
  const version = /^"(\d{1,15})"$/.exec(text)?.[1];
  if (version === undefined) {
    // A tag that is not one of our numbers is one that nothing here ever had.
    if (/^"[\x21\x23-\x7e]*"$/.test(text))
      throw new ProblemError("version-changed", { detail: `No version here ever had the ETag ${text}.` });
    throw new ProblemError("bad-request", { detail: 'Expected one ETag in If-Match, such as "3".' });
  }
  return Number(version);
}
