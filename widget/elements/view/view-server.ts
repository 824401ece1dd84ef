import { newId } from "../../controllers/new-id.ts";
import { refusalOf } from "../../controllers/refusal-of.ts";
import type { ViewNote } from "../../../protocol/views.ts";
import type { Asking } from "../../view/view-asks.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** The longest detail that a note may have. */
const DETAIL_CHARACTERS = 500;
/** A call whose reply was lost is asked about again after this time. */
const AGAIN_MS = 2_000;

/** What a view asks of its server, on the customer's line. Refusals are sentences for the view. */
export function viewServer(
  callId: string,
  request: ThreadContext["request"],
  isWanted: () => boolean,
): Pick<Asking, "callTool" | "readResource" | "tellModel"> & { readonly note: (what: ViewNote, detail?: string) => void } {
  return {
    async callTool(name, input) {
      const requestId = newId();
      for (;;) {
        try {
          return (await request("view-call", { callId, requestId, name, arguments: input })).result;
        } catch (error) {
          // The same id is not called twice: a reply that was lost can be asked for again.
          if (refusalOf(error) !== undefined || !isWanted()) throw said(error);
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        }
      }
    },
    readResource: (uri) => request("view-read", { callId, uri }).catch(refuse),
    tellModel: (content) => request("view-context", { callId, ...content }).catch(refuse),
    // What cannot be noted now is lost: it is the trace of a page that may be gone.
    note: (what, detail) =>
      void request("view-note", { callId, what, ...(detail ? { detail: detail.slice(0, DETAIL_CHARACTERS) } : {}) }).catch(() => {}),
  };
}

function refuse(error: unknown): never {
  throw said(error);
}

function said(error: unknown): Error {
  const refusal = refusalOf(error);
  return new Error(refusal ? [refusal.message, refusal.detail].filter(Boolean).join(" ") : error instanceof Error ? error.message : "");
}
