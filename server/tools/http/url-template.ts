import { type Arguments, argumentsOf, ArgumentError, fillTemplate, parseTemplate, type Template, TemplateError } from "./template.ts";

/** Where requests go: an origin that no argument has a part in, and the segments of a path. */
export interface UrlTemplate {
  readonly origin: string;
  readonly segments: readonly Template[];
}

/** What comes before the path, and the path. */
const SHAPE = /^(https?:\/\/[^/?#\\{}@\s]+)(\/[^?#\\]*)?$/i;
const DOTS = /^(?:\.|%2e){1,2}(?:;|%3b|$)/i;
/** A reader that decodes twice, or takes a backslash for a slash, must not find another segment in a value. */
const LEAVES_SEGMENT = /[/\\\p{Cc}]|%[0-9a-f]{2}/iu;

/** Throws `TemplateError` for a URL that is none, or that has a place for an argument anywhere but in its path. */
export function parseUrlTemplate(text: string): UrlTemplate {
  const [, before, path = "/"] = SHAPE.exec(text) ?? [];
  if (before === undefined || !URL.canParse(before))
    throw new TemplateError(
      "Expected an address such as https://shop.example/orders/{order}: arguments in its path only, no user name, and what follows a question mark as query.",
    );
  const { origin } = new URL(before);
  const segments = path.slice(1).split("/").map(parseTemplate);
  const example = segments.map((segment) => fillTemplate(segment, everyArgument(segment))!);
  if (!keepsItsPlace(origin, example))
    throw new TemplateError("Expected a path without . and .. as segments, and percent-encoded where it has to be.");
  return { origin, segments };
}

/**
 * The address with its arguments in place. Each stays within its segment: it is percent-encoded, and refused where a
 * lenient reader might still see another segment in it. Throws `ArgumentError`, for a missing argument as well: a path
 * without it is another path.
 */
export function fillUrl({ origin, segments }: UrlTemplate, given: Arguments): URL {
  const filled = segments.map((segment) => fillSegment(segment, given));
  if (!keepsItsPlace(origin, filled)) throw new ArgumentError("The arguments would lead to another address than the one that was set up.");
  return new URL(`${origin}/${filled.join("/")}`);
}

function fillSegment(segment: Template, given: Arguments): string {
  const filled = fillTemplate(segment, given, (text, argument) => {
    if (text === "") throw new ArgumentError(`arguments/${argument}: expected a text that is not empty, as it goes into the address.`);
    if (LEAVES_SEGMENT.test(text))
      throw new ArgumentError(
        `arguments/${argument}: expected a text without slashes, control characters and percent codes, as it goes into the address.`,
      );
    return encodeURIComponent(text);
  });
  if (filled === undefined) throw new ArgumentError(`arguments/${argumentsOf(segment).join(", ")}: expected, as it goes into the address.`);
  if (argumentsOf(segment).length > 0 && DOTS.test(filled))
    throw new ArgumentError(`arguments/${argumentsOf(segment).join(", ")}: expected more than dots, as it goes into the address.`);
  return filled;
}

/** What a URL's reader makes of the path is exactly what was written: nothing was resolved, nothing became a query. */
function keepsItsPlace(origin: string, segments: readonly string[]): boolean {
  const path = `/${segments.join("/")}`;
  const address = `${origin}${path}`;
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.origin === origin && url.pathname === path && url.search === "" && url.hash === "" && url.username === "";
}

function everyArgument(segment: Template): Arguments {
  return Object.fromEntries(argumentsOf(segment).map((name) => [name, "x"]));
}
