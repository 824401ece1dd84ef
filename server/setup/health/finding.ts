import * as z from "zod";

/** The worst first. */
export const SEVERITIES = ["broken", "risky", "hint"] as const;

/** Where it can be put right. A page that does not know a kind shows the finding without a link. */
const linkSchema = z.object({
  kind: z.enum(["model", "origins", "sightings", "connector", "server", "people", "retention"]),
  assistant: z.string().optional(),
  server: z.string().optional(),
  tools: z.array(z.string()).optional().describe("The first ones that it is about."),
  origins: z.array(z.string()).optional().describe("The first ones that it is about."),
});

export const findingSchema = z.object({
  code: z.string().describe("Such as `model-key-missing`. There will be more."),
  severity: z.enum(SEVERITIES).describe("broken: it does not work. risky: it may go wrong. hint: worth a look."),
  title: z.string(),
  detail: z.string(),
  since: z.number().optional().describe("Since when it is known, in milliseconds since 1970."),
  link: linkSchema,
});
export type Finding = z.input<typeof findingSchema>;

const MOST_NAMED = 20;

/** The worst first, otherwise as they were found. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((left, right) => SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity));
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
