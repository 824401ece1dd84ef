import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { tabs } from "../../parts/tabs.ts";
import "./approval-queue.ts";
import { approvalsWords } from "./approvals-words.ts";
import "./unknown-outcomes.ts";

/** What waits for a decision of the team, and what nobody knows the end of. */
@customElement("desk-approvals")
export class DeskApprovals extends PageElement {
  @property() tab = "waiting";

  override render() {
    const isUnknown = this.tab === "unknown";
    return html`<header class="page-head">
        <h1 tabindex="-1">${approvalsWords.title}</h1>
        <p>${isUnknown ? approvalsWords.settledLead : approvalsWords.lead}</p>
      </header>
      ${tabs(approvalsWords.tabs, [
        { label: approvalsWords.waiting, href: router.href("/approvals"), isCurrent: !isUnknown },
        { label: approvalsWords.unknown, href: router.href("/approvals/unknown"), isCurrent: isUnknown },
      ])}
      ${
        isUnknown
          ? html`<desk-unknown-outcomes callId=${router.place.query.get("call") ?? ""}></desk-unknown-outcomes>`
          : html`<desk-approval-queue .approvalId=${router.place.query.get("approval") ?? undefined}></desk-approval-queue>`
      }`;
  }
}
