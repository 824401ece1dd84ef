import type { Clock } from "../../../foundation/clock.ts";
import type { CallScope } from "../../calls/call-scope.ts";
import { clockPause } from "../../../foundation/clock-pause.ts";
import type { McpLink } from "../wire/mcp-link.ts";
import { readQuestion } from "./elicitation.ts";

const PAGES = 5;
/** How long the call waits for the server's word that a page is done with, before it is tried all the same. */
const DONE_MS = 5_000;

/**
 * Has a person open the pages that a server wants visited before a call (error -32042). Undefined: all were opened, and
 * the call can be tried again; otherwise why not.
 */
export async function openPages(
  elicitations: readonly unknown[],
  { link, scope, clock }: { readonly link: McpLink; readonly scope: CallScope; readonly clock: Clock },
): Promise<string | undefined> {
  if (elicitations.length === 0 || elicitations.length > PAGES) return "It wants pages visited first, and does not say which.";
  for (const elicitation of elicitations) {
    const question = readQuestion({ ...(typeof elicitation === "object" ? elicitation : {}), mode: "url" });
    if ("refused" in question) {
      scope.refused(question.refused);
      return `It wants a page visited first that is not shown: ${question.refused}.`;
    }
    const visit = link.visited(idOf(elicitation));
    try {
      const answer = await scope.ask(question.request);
      if (answer?.action !== "accept") return "The page that it wants visited first was not opened.";
      const waiting = new AbortController();
      void visit.done.then(() => waiting.abort());
      await scope.untimed(() => clockPause(clock, DONE_MS, AbortSignal.any([waiting.signal, scope.context.signal])));
    } finally {
      visit.forget();
    }
  }
  return undefined;
}

function idOf(elicitation: unknown): string {
  const id: unknown =
    typeof elicitation === "object" && elicitation !== null && "elicitationId" in elicitation ? elicitation.elicitationId : "";
  return typeof id === "string" ? id : "";
}
