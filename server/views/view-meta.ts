import * as z from "zod";
import type { ViewCsp } from "../../protocol/views.ts";

/** What a view's resource says of itself, once everything that may not be is left out. */
export interface ViewMeta {
  readonly csp: ViewCsp;
  readonly clipboardWrite: boolean;
  readonly prefersBorder?: boolean;
  /** What was asked for and is not given, for the staff. */
  readonly leftOut: readonly string[];
}

const LISTS = ["connectDomains", "resourceDomains", "frameDomains", "baseUriDomains"] as const;

/** Of all lists together: a header that proxies let through. */
const MOST_CHARACTERS = 3_000;
const MOST_ENTRIES = 100;
/** Of an entry, in what the staff reads. */
const SHOWN = 60;

const list = z.array(z.unknown()).optional().catch(undefined);
const schema = z.object({
  csp: z.object({ connectDomains: list, resourceDomains: list, frameDomains: list, baseUriDomains: list }).optional().catch(undefined),
  permissions: z.record(z.string().max(64), z.unknown()).optional().catch(undefined),
  prefersBorder: z.boolean().optional().catch(undefined),
});

/** Reads `_meta.ui` of the resource's own content; anything else says nothing. */
export function readViewMeta(meta: Readonly<Record<string, unknown>> | undefined): ViewMeta {
  const said = schema.safeParse(meta?.["ui"] ?? {}).data ?? {};
  const leftOut: string[] = [];
  const csp: { -readonly [name in keyof ViewCsp]: ViewCsp[name] } = {};
  let characters = 0;
  for (const name of LISTS) {
    const sources: string[] = [];
    for (const entry of (said.csp?.[name] ?? []).slice(0, MOST_ENTRIES)) {
      const source = sourceOf(entry, name);
      characters += source?.length ?? 0;
      if (source === undefined || characters > MOST_CHARACTERS) leftOut.push(`${name} ${shown(entry)}`);
      else if (!sources.includes(source)) sources.push(source);
    }
    if (sources.length > 0) csp[name] = sources;
  }
  for (const name of Object.keys(said.permissions ?? {})) if (name !== "clipboardWrite") leftOut.push(`permission ${shown(name)}`);
  return {
    csp,
    clipboardWrite: Object.hasOwn(said.permissions ?? {}, "clipboardWrite"),
    ...(said.prefersBorder === undefined ? {} : { prefersBorder: said.prefersBorder }),
    leftOut: leftOut.slice(0, MOST_ENTRIES),
  };
}

/**
 * Each label as DNS has them; the last one is of letters, so that no address of numbers is one; at most one wildcard, in
 * place of everything left of a domain of two labels or more.
 */
const HOST = /^(?:\*\.(?=[^.]+\.))?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
const SOURCE = /^(?:(https|wss):\/\/)?([^:/]+)(:[1-9]\d{0,4})?\/?$/;

/**
 * An origin as a source of a policy, or undefined: what is not plainly one gets nothing in. A host without a scheme
 * means https. Sockets are only connected to.
 */
function sourceOf(entry: unknown, list: (typeof LISTS)[number]): string | undefined {
  if (typeof entry !== "string" || entry.length > 300) return undefined;
  const [, scheme = "https", host = "", port = ""] = SOURCE.exec(entry.toLowerCase()) ?? [];
  if (host.length > 253 || !HOST.test(host) || Number(port.slice(1)) > 65_535) return undefined;
  if (scheme === "wss" && list !== "connectDomains") return undefined;
  return `${scheme}://${host}${port}`;
}

function shown(entry: unknown): string {
  return (JSON.stringify(entry) ?? "nothing").slice(0, SHOWN);
}
