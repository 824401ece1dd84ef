import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../../api/types.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { icon } from "../../parts/icon.ts";
import { inboxWords } from "./inbox-words.ts";

/** So much of an id tells customers without a name apart. */
const SHOWN_ID = 6;

/** What a customer is called: as their website says it, else by the end of their id. */
export function customerName({ customer, customerName: name = "", customerSubject }: Conversation): string {
  if (name !== "") return hiddenShown(name);
  return inboxWords.customerNamed(customerSubject === undefined ? customer.slice(-SHOWN_ID) : hiddenShown(customerSubject));
}

/** Beside the name of a customer whose website has said, in a signed token, who they are. */
export function verifiedMark({ verified }: Conversation): TemplateResult | typeof nothing {
  if (verified !== true) return nothing;
  return html`<span class="verified" title=${inboxWords.verifiedBy}
    >${icon("verified", 14)}<span class="visually-hidden">${inboxWords.verified}</span></span
  >`;
}
