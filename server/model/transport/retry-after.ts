import type { IncomingHttpHeaders } from "node:http";

/**
 * When to come back, as the headers of a refusal say: `retry-after-ms`, `retry-after` (RFC 9110, section 10.2.3:
 * seconds or a date), then the `x-ratelimit-reset-*` of OpenAI and its likes and `anthropic-ratelimit-*-reset` of what
 * is used up. Milliseconds from now.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const milliseconds = number(first(headers["retry-after-ms"]));
  if (milliseconds !== undefined) return Math.ceil(milliseconds);
  const said = first(headers["retry-after"]);
  const seconds = number(said);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  const date = said === undefined ? Number.NaN : Date.parse(said);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  return resetMs(headers, now);
}

const RESET = /^(?:x-ratelimit-reset(?:-(\w+))?|anthropic-ratelimit-([\w-]+)-reset)$/;

/** The longest wait among the limits that are used up; among all, when none says that it is. */
function resetMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const limits = Object.entries(headers).flatMap(([name, value]) => {
    const match = RESET.exec(name);
    const wait = match === null ? undefined : untilMs(first(value), now);
    if (match === null || wait === undefined) return [];
    const left =
      match[2] === undefined
        ? `x-ratelimit-remaining${match[1] === undefined ? "" : `-${match[1]}`}`
        : `anthropic-ratelimit-${match[2]}-remaining`;
    return [{ wait, empty: number(first(headers[left])) === 0 }];
  });
  const empty = limits.filter((limit) => limit.empty);
  const counted = empty.length > 0 ? empty : limits;
  return counted.length === 0 ? undefined : Math.max(...counted.map((limit) => limit.wait));
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const YEAR_2001_SECONDS = 1_000_000_000;

/**
 * `6m0s`, `17ms`, `1.5s`; `2026-11-20T09:00:00Z`; seconds; or a point in time in seconds or milliseconds since 1970.
 */
function untilMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const plain = number(text);
  if (plain !== undefined) {
    if (plain < YEAR_2001_SECONDS) return Math.ceil(plain * 1000);
    return Math.max(0, Math.ceil(plain < YEAR_2001_SECONDS * 1000 ? plain * 1000 - now : plain - now));
  }
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) {
    const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
    return Math.ceil(pieces.reduce((sum, piece) => sum + Number(piece[1]) * (UNITS[piece[2] ?? ""] ?? 0), 0));
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
