import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../api/types.ts";
import { factWords } from "./fact-words.ts";
import { hiddenShown } from "./hidden-shown.ts";
import { icon } from "./icon.ts";

export type SaidOfCustomer = Pick<Conversation, "verified" | "customerName" | "customerEmail" | "customerSubject">;

/** So much of an id tells customers apart of whom nothing is known. */
const SHOWN_ID = 6;

/** What a customer is called in lists: name, else email, else what is known of them. */
export function customerName(said: SaidOfCustomer & { readonly customer: string }): string {
  const { customer, customerName: name = "", customerEmail = "", customerSubject = "" } = said;
  const known = name === "" ? customerEmail : name;
  if (known !== "") return hiddenShown(known);
  return factWords.customerNamed(hiddenShown(customerSubject === "" ? customer.slice(-SHOWN_ID) : customerSubject));
}

/** What one types to erase a customer's data: name or email, else the part of the id by which lists tell them apart. */
export function nameToType({
  customer,
  customerName: name = "",
  customerEmail = "",
}: SaidOfCustomer & { readonly customer: string }): string {
  const known = hiddenShown([name, customerEmail].find((one) => one.trim() !== "") ?? "").trim();
  return known === "" ? customer.slice(-SHOWN_ID) : known;
}

/** What a customer is called in lists, with the mark. */
export function customerNamed(said: SaidOfCustomer & { readonly customer: string }): TemplateResult {
  return html`<span class="customer-said"><span>${customerName(said)}</span> ${verifiedMark(said)}</span>`;
}

/** That the website has said who the customer is, in a token that nobody else can sign. */
export function verifiedMark({ verified }: Pick<Conversation, "verified">): TemplateResult | typeof nothing {
  if (verified !== true) return nothing;
  return html`<span class="verified" title=${factWords.verified}
    >${icon("done", 14)}<span class="visually-hidden">${factWords.verified}</span></span
  >`;
}

/** Name, mark and email; without a name, the website's own id. Nothing of somebody whom no website knows. */
export function customerSaid(said: SaidOfCustomer): TemplateResult | typeof nothing {
  const { verified, customerName, customerEmail, customerSubject } = said;
  if (verified !== true) return nothing;
  return html`<span class="customer-said"
    ><span>${hiddenShown(customerName || customerSubject || "")}</span> ${verifiedMark(said)}
    ${customerEmail === undefined ? nothing : html`<span class="muted">${hiddenShown(customerEmail)}</span>`}</span
  >`;
}

/** Where there is a name, the email stands beside it. */
export function emailBeside({ customerName: name = "", customerEmail = "" }: Conversation): TemplateResult | typeof nothing {
  if (name === "" || customerEmail === "") return nothing;
  return html`<span class="visually-hidden">, </span><span class="muted inbox-email">${hiddenShown(customerEmail)}</span>`;
}

/** Beside a value that the model did not choose. */
export function filledMark({ filled }: { readonly filled?: true | undefined }): TemplateResult | typeof nothing {
  return filled === true ? html` <span class="muted filled">(${factWords.filled})</span>` : nothing;
}
