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
      const { id, assistant } = part;
      yield `${conversations === 0 ? "" : "\n  ]},"}\n  {"id": ${JSON.stringify(id)}, "assistant": ${JSON.stringify(assistant)}, "events": [`;
      conversations += 1;
      events = 0;
    } else {
      yield `${events === 0 ? "" : ","}\n   ${JSON.stringify(part.result === undefined ? part.event : { ...part.event, result: part.result })}`;
      events += 1;
    }
  }
  yield `${conversations === 0 ? "" : "\n  ]}"}\n ]\n}\n`;
}

const HEAD = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>What is kept about a customer</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1d2128; background: #fff; }
h2 { margin-top: 2.5rem; font-size: 1.1rem; } .said { margin: 0.75rem 0; } .by { color: #59616e; font-size: 13px; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; background: #f4f5f7; padding: 0.75rem; }
@media (prefers-color-scheme: dark) { body { color: #e6e8eb; background: #15181d; } .by { color: #a3abb8; } pre { background: #1f242b; } }
</style>
`;

/** The export as a page for people: who said what, and which tools were used with what. */
export async function* exportPage(parts: AsyncIterable<ExportPart>): AsyncGenerator<string> {
  for await (const part of parts) {
    if (part.kind === "customer") {
      const { id, exportedAt, others } = part;
      yield `${HEAD}<h1>What is kept about the customer ${text(id)}</h1><p class="by">As of ${iso(exportedAt)}</p>`;
      for (const [name, value] of Object.entries(others)) yield `<h2>${text(name)}</h2>${json(value)}`;
    } else if (part.kind === "conversation") yield `<h2>Conversation ${text(part.id)} with ${text(part.assistant)}</h2>`;
    else yield said(part.event, part.result);
  }
}

function said(event: Readonly<Record<string, unknown>>, result: unknown): string {
  const { type, at } = event;
  const by = (who: string): string => `<p class="by">${who}, ${iso(Number(at))}</p>`;
  const words = (who: string): string =>
    `<div class="said">${by(who)}<div class="text">${text(typeof event["text"] === "string" ? event["text"] : "")}</div></div>\n`;
  if (type === "message-received") return words("The customer");
  if (type === "step-ended") return event["text"] === "" ? "" : words("The assistant");
  if (type === "reply-sent" || type === "note-written") return words(type === "reply-sent" ? "The team" : "A note of the team");
  const { seq: _seq, at: _at, type: _type, ...rest } = event;
  return `<div class="said">${by(text(String(type)))}${json(result === undefined ? rest : { ...rest, result })}</div>\n`;
}

function json(value: unknown): string {
  return `<pre>${text(JSON.stringify(value, null, 1))}</pre>`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function text(raw: string): string {
  return raw.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
