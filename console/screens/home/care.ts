import type { AssistantHealthSummary, McpServerCard } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import type { Tone } from "../../parts/status.ts";
import { homeWords } from "./home-words.ts";
import { reasonSaid } from "../../parts/advice-words.ts";
import { findingSaid } from "../../parts/finding-words.ts";

/** One thing that somebody should look at. */
export interface Care {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
  readonly about?: string;
  /** How much else is wrong with the same thing. */
  readonly more: number;
  readonly since?: number;
  readonly href: string;
}

/** What does not work, then what may go wrong. Servers that no assistant misses come after those that one does. */
export function careOf(known: {
  readonly health: readonly AssistantHealthSummary[];
  readonly servers: readonly McpServerCard[];
}): readonly Care[] {
  const all = [...known.health.flatMap(ofAssistant), ...known.servers.flatMap(ofServer)];
  return all.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ tone }: Care): number {
  return tone === "bad" ? 0 : 1;
}

function ofAssistant({ assistant, name, worst, broken, risky }: AssistantHealthSummary): readonly Care[] {
  if (worst === undefined) return [];
  const { since, severity } = worst;
  const { title, detail } = findingSaid(worst);
  const more = broken + risky - 1;
  const tone = severity === "broken" ? "bad" : "warning";
  return [{ tone, title, detail, about: name, more, href: `/assistants/${assistant}`, ...(since === undefined ? {} : { since }) }];
}

function ofServer({ key, name, status: { status, reason, detail: said, since }, tools, mayManage }: McpServerCard): readonly Care[] {
  const href = `/tools/mcp-servers/${key}`;
  const care: Care[] = [];
  if (status === "disconnected")
    care.push({
      tone: "bad",
      title: homeWords.disconnected(name),
      detail: reasonSaid(reason, said),
      more: 0,
      href,
      ...(since === undefined ? {} : { since }),
    });
  if (!mayManage) return care;
  if (tools.changed > 0)
    care.push({
      tone: "warning",
      title: homeWords.changed(name),
      detail: homeWords.changedText(tools.changed, formatNumber(tools.changed)),
      more: 0,
      href,
    });
  if (tools.new > 0)
    care.push({
      tone: "warning",
      title: homeWords.fresh(name),
      detail: homeWords.freshText(tools.new, formatNumber(tools.new)),
      more: 0,
      href,
    });
  return care;
}
