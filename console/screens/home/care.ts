import type { AssistantHealthSummary, McpServerCard } from "../../api/types.ts";
import type { Tone } from "../../parts/status.ts";
import { homeWords } from "./home-words.ts";
import { reasonSaid } from "../../parts/advice-words.ts";
import { findingPlace, type FindingPlace } from "../../parts/finding-place.ts";
import { findingSaid } from "../../parts/finding-words.ts";
import { needsSignIn, signInText, statusWord } from "../tools/servers/server-status.ts";
import { serverPath, waitingPlace } from "../tools/servers/server-path.ts";

/** One thing that somebody should look at. */
export interface Care {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
  readonly about?: string;
  /** How much else is wrong with the same thing. */
  readonly more: number;
  readonly since?: number;
  /** Where it is mended. */
  readonly place: FindingPlace;
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
  const place = findingPlace(worst, assistant) ?? { path: `/assistants/${assistant}/health` };
  const tone = severity === "broken" ? "bad" : "warning";
  return [{ tone, title, detail, about: name, more, place, ...(since === undefined ? {} : { since }) }];
}

function ofServer(server: McpServerCard): readonly Care[] {
  const { name, tools, mayManage } = server;
  const care: Care[] = [...ofStatus(server)];
  if (!mayManage) return care;
  if (tools.changed > 0)
    care.push({
      tone: "warning",
      title: homeWords.changed(name),
      detail: homeWords.changedText(tools.changed),
      more: 0,
      place: waitingPlace(server, "changed"),
    });
  if (tools.new > 0)
    care.push({
      tone: "warning",
      title: homeWords.fresh(name),
      detail: homeWords.freshText(tools.new),
      more: 0,
      place: waitingPlace(server, "new"),
    });
  return care;
}

/** As Tools says it. One at which nobody has signed in yet waits for whoever will: an assistant that misses it says so. */
function ofStatus(server: McpServerCard): readonly Care[] {
  const { key, name, fault, status: is } = server;
  const [tone] = statusWord(server);
  const since = is.since === 0 ? {} : { since: is.since };
  const place = { path: serverPath(key) };
  if (needsSignIn(server)) {
    if (is.signIn === "first") return [];
    return [{ tone, title: homeWords.needsSignIn(name), detail: signInText(server), more: 0, place }];
  }
  if (tone !== "bad") return [];
  return [{ tone, title: homeWords.disconnected(name), detail: fault ?? reasonSaid(is.reason, is.detail), more: 0, place, ...since }];
}
