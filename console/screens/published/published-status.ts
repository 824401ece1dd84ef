import type { TemplateResult } from "lit";
import type { PublishedServer } from "../../api/types.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { status } from "../../parts/status.ts";
import { publishedWords } from "./published-words.ts";

/** How a published server is: what keeps clients from it, or that they use it. */
export function publishedStatus({ tools, keys, first }: Pick<PublishedServer, "tools" | "keys" | "first">): TemplateResult {
  if (tools.length === 0) return status("warning", publishedWords.noTools);
  if (tools.every(({ active }) => !active)) return status("warning", publishedWords.allInactive);
  if (first.connected !== undefined || first.called !== undefined) return status("good", publishedWords.inUse);
  return keys === 0 ? status("neutral", publishedWords.noKeys) : status("neutral", publishedWords.waiting);
}

/** A client as it names itself, which may be anything. */
export function clientSaid({ clientName, clientVersion }: { readonly clientName?: string; readonly clientVersion?: string }): string {
  if (clientName === undefined) return publishedWords.aProgram;
  return hiddenShown(clientVersion === undefined ? clientName : `${clientName} ${clientVersion}`);
}
