import type { ArgumentField } from "../../../protocol/content.ts";
import type { ToolReference } from "../../../protocol/events.ts";
import type { ToolPermission } from "../../conversation/ports/assistant.ts";
import { plainWords } from "./plain-words.ts";

/** How a customer who calls may approve: with the phrase, or the button alone. */
export type SpokenBy = Exclude<ToolPermission["spoken"], "auto" | undefined>;

const MONEY: ReadonlySet<string> = new Set(
  plainWords(`amount price total sum cost costs fee fees money payment refund deposit discount credit budget
    betrag preis summe kosten gebühr geld zahlung erstattung guthaben rabatt`),
);
const SPENDS: ReadonlySet<string> = new Set(
  plainWords(`pay payment charge buy purchase checkout refund transfer withdraw donate subscribe invoice
    zahlen bezahlen kaufen bestellen erstatten überweisen abbuchen spenden abonnieren`),
);

interface AskedCall {
  readonly tool: ToolReference;
  readonly fields: readonly ArgumentField[];
}

/** What the owner says. Where they say nothing: the button, for what may destroy something or spends. */
export function spokenBy({ spoken = "auto", when }: Pick<ToolPermission, "spoken" | "when">, { tool, fields }: AskedCall): SpokenBy {
  if (spoken !== "auto") return spoken;
  return mayDestroy(tool) || spends(tool, fields) || when?.some(isOfAmount) === true ? "button" : "phrase";
}

/**
 * As the specification of MCP reads the hints: what does not say that it only reads, or destroys nothing, may destroy.
 * What a server says that its owner has not marked as trusted never makes it easier.
 */
function mayDestroy({ readOnly, destructive, trusted }: ToolReference): boolean {
  return trusted !== true || (readOnly !== true && destructive !== false);
}

function spends({ tool, title }: ToolReference, fields: readonly ArgumentField[]): boolean {
  return nameWords(`${tool} ${title}`).some((word) => SPENDS.has(word)) || fields.some(isMoney);
}

function isMoney({ name, title, format, currency }: ArgumentField): boolean {
  return format === "money" || currency !== undefined || isNamedAsMoney(`${name} ${title}`);
}

function isOfAmount({ argument, is, value }: NonNullable<ToolPermission["when"]>[number]): boolean {
  return (typeof value === "number" && is !== "=" && is !== "!=") || isNamedAsMoney(argument);
}

function isNamedAsMoney(name: string): boolean {
  return nameWords(name).some((word) => MONEY.has(word));
}

/** `totalAmount`, `total_amount` → "total", "amount". */
function nameWords(name: string): readonly string[] {
  return plainWords(name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll("_", " "));
}
