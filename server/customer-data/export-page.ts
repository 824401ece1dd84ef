import type { Actor, EventOf, EventType, Outcome } from "../../protocol/events.ts";
import type { ExportedRecording, ExportPart } from "./customer-export.ts";
import { customerNameIn } from "./export-files.ts";
import { escaped, folded, head, json, table, time, words } from "./export-html.ts";

/** An event as it is handed out: of those that were stripped, members are gone. */
type Kept<T extends EventType> = Partial<EventOf<T>> & { readonly type: T; readonly at: number };
type KeptEvent = { [T in EventType]: Kept<T> }[EventType];

/** What of a call came before its end. */
interface Call {
  readonly proposed: Kept<"tool-call-proposed">;
  readonly decisions: readonly Kept<"approval-decided">[];
}

const OTHERS: Readonly<Record<string, string>> = { connections: "Sign-ins at other services", websiteSays: "What the website says" };

/** The export as a page for people: who said what, which tools were used with what, and below it all that is kept. */
export async function* exportPage(parts: AsyncIterable<ExportPart>): AsyncGenerator<string> {
  let conversation: ConversationPage | undefined;
  for await (const part of parts) {
    if (part.kind === "event") {
      yield conversation?.add(part.event as unknown as KeptEvent, part.result) ?? "";
      continue;
    }
    yield conversation?.end() ?? "";
    if (part.kind === "customer") yield beginning(part);
    else {
      conversation = new ConversationPage();
      yield `<h2>Conversation with ${escaped(part.assistant)}</h2><p class="by">${escaped(part.id)}</p>\n${part.recordings.map(recordingHtml).join("")}`;
    }
  }
  yield conversation?.end() ?? "";
}

function recordingHtml({ startedAt, durationMs, file }: ExportedRecording): string {
  const seconds = Math.round(durationMs / 1000);
  return `<p class="by">Recording of a voice call, ${time(startedAt)}, ${seconds} s: ${escaped(file)} of this server</p>\n`;
}

function beginning(customer: Extract<ExportPart, { kind: "customer" }>): string {
  const title = `What is kept about ${customerNameIn(customer)}`;
  const others = Object.entries(customer.others)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => `<h2>${escaped(OTHERS[name] ?? name)}</h2>${table(value)}\n`);
  return `${head(title)}<h1>${escaped(title)}</h1><p class="by">Customer ${escaped(customer.id)}, as of ${time(customer.exportedAt)}</p>\n${others.join("")}`;
}

/** One conversation, as its events come. */
class ConversationPage {
  readonly #calls = new Map<string, Call>();
  /** All events as JSON, which stand below what people read. Results stand at their calls. */
  readonly #everything: string[] = [];

  add(event: KeptEvent, result: unknown): string {
    this.#everything.push(escaped(JSON.stringify(event)));
    switch (event.type) {
      case "tool-call-proposed":
        this.#calls.set(event.callId ?? "", { proposed: event, decisions: [] });
        return "";
      case "approval-decided": {
        const call = this.#calls.get(event.callId ?? "");
        if (call !== undefined) this.#calls.set(event.callId ?? "", { ...call, decisions: [...call.decisions, event] });
        return "";
      }
      case "tool-call-ended": {
        const call = this.#calls.get(event.callId ?? "");
        this.#calls.delete(event.callId ?? "");
        return callHtml(call, event, result);
      }
      default:
        return said(event);
    }
  }

  /** What did not come to an end, and everything. */
  end(): string {
    const open = [...this.#calls.values()].map((call) => callHtml(call, undefined, undefined));
    const everything = folded("Everything that is kept (JSON)", `<pre>${this.#everything.join("\n")}</pre>`);
    return `${open.join("")}<div class="said">${everything}</div>\n`;
  }
}

/** What a person reads of an event; most say nothing to them. */
function said(event: Exclude<KeptEvent, { type: "tool-call-proposed" | "approval-decided" | "tool-call-ended" }>): string {
  const { at } = event;
  switch (event.type) {
    case "message-received":
      return block(at, `The customer${how(event)}`, words(event.text ?? ""));
    case "step-ended":
      return event.text ? block(at, "The assistant", words(event.text)) : "";
    case "reply-sent":
      return block(at, nameOf(event.by), words(event.text ?? ""));
    case "note-written":
      return block(at, `Note of ${nameOf(event.by)}, for the team alone`, words(event.text ?? ""), "note");
    case "feedback-given":
      return block(at, `The customer ${RATED[event.rating ?? "none"]}`, words(event.comment ?? ""));
    case "input-decided":
      return event.content === undefined ? "" : block(at, "The customer answered a form", table(event.content));
    case "tool-call-settled":
      return block(
        at,
        `${nameOf(event.by)} about “${event.title ?? "a call"}”: ${SETTLED[event.outcome ?? "unknown"]}`,
        words(event.note ?? ""),
      );
    case "person-asked":
      return block(at, `${nameOf(event.by)} asked for a person`, words(event.reason ?? ""));
    case "contact-left":
      return block(at, "The customer left an address", words([event.email, event.text].filter(Boolean).join("\n")));
    case "person-joined":
      return block(at, `${nameOf(event.by)} joined`);
    case "handed-back":
      return block(at, `${nameOf(event.by)} handed back to the assistant`, words(event.summary ?? ""));
    case "conversation-closed":
      return block(at, `${nameOf(event.by)} closed the conversation`);
    case "voice-call-started":
      return block(at, `The customer called${event.recorded === true ? ", and was told that the call is recorded" : ""}`);
    case "voice-call-ended":
      return block(at, `The call ended after ${Math.round((event.durationMs ?? 0) / 1000)} s`);
    case "speech-cut":
      return block(at, "The customer heard only", words(event.text || "nothing of the answer"));
    case "turn-ended":
      return event.outcome === "failed" || event.outcome === "stopped" ? block(at, ENDED[event.outcome]) : "";
    default:
      return "";
  }
}

function how({ spoken, via }: { readonly spoken?: unknown; readonly via?: unknown }): string {
  if (spoken !== undefined) return ", aloud";
  return via === undefined ? "" : ", through their browser's assistant";
}

const RATED = { up: "found the answer good", down: "found the answer bad", none: "took the rating back" } as const;
const SETTLED = { ok: "it took effect", failed: "it did not take effect", unknown: "it is still not known" } as const;
const ENDED = { failed: "The answer failed", stopped: "The answer was stopped" } as const;
const OUTCOMES: Readonly<Record<Outcome, string>> = {
  ok: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  unknown: "Not known whether it took effect",
  refused: "Not sent",
};

function callHtml(call: Call | undefined, ended: Kept<"tool-call-ended"> | undefined, result: unknown): string {
  const outcome = ended?.outcome === undefined ? "Did not end" : OUTCOMES[ended.outcome];
  const asked = call === undefined ? `<h3>A tool: ${outcome}</h3>` : askedHtml(call, outcome);
  const answer = result === undefined ? words(ended?.text ?? "") : resultHtml(result);
  return `<div class="said call">${asked}${answer}</div>\n`;
}

function askedHtml({ proposed: { tool, at, arguments: asked }, decisions }: Call, outcome: string): string {
  const changed = decisions.findLast(({ arguments: values }) => values !== undefined)?.arguments;
  return [
    `<h3>${escaped(tool?.title || tool?.tool || "A tool")}: ${outcome}</h3>`,
    `<p class="by">${escaped(tool?.serverName ?? "")} · ${time(at)}</p>`,
    ...decisions.map(decisionHtml),
    asked === undefined ? "" : table(asked),
    changed === undefined ? "" : `<p class="by">Changed by the team before:</p>${table(changed)}`,
  ].join("");
}

function decisionHtml({ decision = "withdrawn", by, reason, at }: Kept<"approval-decided">): string {
  const isByPerson = decision === "approved" || decision === "rejected";
  return `<p class="by">${decision}${isByPerson ? ` by ${escaped(nameOf(by))}` : ""}, ${time(at)}</p>${words(reason ?? "")}`;
}

/** What the result says in short where it has a form for that, and the whole of it. */
function resultHtml(result: unknown): string {
  const { structured } = result as { readonly structured?: unknown };
  return folded("Result", `${typeof structured === "object" && structured !== null ? table(structured) : ""}${json(result)}`);
}

function block(at: number, who: string, inner = "", kind = ""): string {
  return `<div class="said${kind === "" ? "" : ` ${kind}`}"><p class="by">${escaped(who)}, ${time(at)}</p>${inner}</div>\n`;
}

/** Whoever of the team has no name here is the team. */
function nameOf(by: Actor | undefined): string {
  if (by?.kind === "customer") return "The customer";
  if (by?.kind === "system") return "The assistant";
  return by?.name ?? "The team";
}
