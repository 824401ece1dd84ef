import type { ExportPart } from "./customer-export.ts";

/** The export as one JSON document, written as it is read. */
export async function* exportJson(parts: AsyncIterable<ExportPart>): AsyncGenerator<string> {
  let conversations = 0;
  let events = 0;
  for await (const part of parts) {
    if (part.kind === "customer") {
      const { id, exportedAt, others } = part;
      const head = JSON.stringify({ customer: id, exportedAt: new Date(exportedAt).toISOString(), ...others }, null, 1);
      yield `${head.slice(0, -2)},\n "conversations": [`;
    } else if (part.kind === "conversation") {
      const { id, assistant, recordings } = part;
      const head = JSON.stringify({ id, assistant, ...(recordings.length === 0 ? {} : { recordings }) });
      yield `${conversations === 0 ? "" : "\n  ]},"}\n  ${head.slice(0, -1)}, "events": [`;
      conversations += 1;
      events = 0;
    } else {
      yield `${events === 0 ? "" : ","}\n   ${JSON.stringify(part.result === undefined ? part.event : { ...part.event, result: part.result })}`;
      events += 1;
    }
  }
  yield `${conversations === 0 ? "" : "\n  ]}"}\n ]\n}\n`;
}

const LONGEST_NAME = 60;
type CustomerPart = Extract<ExportPart, { kind: "customer" }>;

/** What the website calls them, or their id. */
export function customerNameIn({ id, others }: CustomerPart): string {
  const { name } = (others["websiteSays"] ?? {}) as { readonly name?: unknown };
  return typeof name === "string" && name !== "" ? name : id;
}

/** `Anna-Berg-2026-11-30.html`: of whom, and as of when. Only ASCII, for every system and header. */
export function exportFileName(customer: CustomerPart, format: "json" | "html"): string {
  const plain = (text: string) =>
    text
      .normalize("NFKD")
      .replaceAll(/\p{M}/gu, "")
      .replaceAll(/[^A-Za-z0-9]+/g, "-")
      .slice(0, LONGEST_NAME)
      .replaceAll(/^-|-$/g, "");
  const name = plain(customerNameIn(customer)) || plain(customer.id) || "customer";
  return `${name}-${new Date(customer.exportedAt).toISOString().slice(0, 10)}.${format}`;
}
