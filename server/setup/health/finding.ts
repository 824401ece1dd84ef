import * as z from "zod";

/** The worst first. */
export const SEVERITIES = ["broken", "risky", "hint"] as const;

/** Everything that can be found. */
export const FINDING_CODES = [
  "connector-suspended",
  "server-gone",
  "server-down",
  "sign-in-needed",
  "nobody-decides",
  "only-customers-decide",
  "tools-changed",
  "tools-unasked",
  "tools-new",
  "model-key-missing",
  "model-refused",
  "model-unreachable",
  "model-busy",
  "model-breaks-off",
  "model-not-tried",
  "model-without-tools",
  "tools-refused-by-model",
  "no-calls",
  "origin-any",
  "origin-http",
  "origin-wildcard",
  "never-seen",
  "not-seen-lately",
  "pages-refused",
  "pages-with-wrong-key",
  "script-only",
  "kept-for-good",
] as const;

/** Where it can be put right. A page that does not know a kind shows the finding without a link. */
const linkSchema = z.object({
  kind: z.enum(["model", "origins", "sightings", "connector", "server", "people", "retention", "voice"]),
  assistant: z.string().optional(),
  server: z.string().optional(),
  tools: z.array(z.string()).optional().describe("The first ones that it is about."),
  origins: z.array(z.string()).optional().describe("The first ones that it is about."),
});

/** What the words name, for whoever says them in another language. */
const aboutSchema = z.object({
  name: z.string().optional().describe("Of the server, or of the model."),
  count: z.int().optional().describe("How many tools, websites or servers."),
  names: z.array(z.string()).optional().describe("The first ones of them."),
  days: z.int().optional(),
  reason: z
    .string()
    .optional()
    .describe("The code of why: of a server that cannot be used, a connector without effect, or calls that nobody can make."),
  adviceCode: z.string().optional().describe("The code of what to do about such a server."),
  said: z.string().optional().describe("What the other side or the network said, as it was."),
});
type About = z.input<typeof aboutSchema>;

export const findingSchema = z.object({
  code: z.enum(FINDING_CODES).describe("There will be more."),
  severity: z.enum(SEVERITIES).describe("broken: it does not work. risky: it may go wrong. hint: worth a look."),
  title: z.string(),
  detail: z.string(),
  since: z.number().optional().describe("Since when it is known, in milliseconds since 1970."),
  link: linkSchema,
  about: aboutSchema.optional(),
});
export type Finding = z.input<typeof findingSchema>;

const MOST_NAMED = 20;

/** The worst first, otherwise as they were found. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((left, right) => SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity));
}

/** A list of tools or websites. */
export function named(names: readonly string[], more: Omit<About, "count" | "names"> = {}): About {
  return { ...more, count: names.length, names: first(names) };
}

/** As many as a page shows. */
export function first(names: readonly string[]): string[] {
  return names.slice(0, MOST_NAMED);
}

/** Some names in a sentence: "a, b and 3 more". */
export function inWords(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const more = names.length - shown.length;
  return new Intl.ListFormat("en").format(more === 0 ? shown : [...shown, `${more} more`]);
}

export function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}
