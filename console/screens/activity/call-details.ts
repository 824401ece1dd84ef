import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { Call } from "../../api/types.ts";
import { formatDuration, formatExactly } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { callServer, callTitle } from "../../parts/call-texts.ts";
import { customerNamed } from "../../parts/customer-said.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { icon } from "../../parts/icon.ts";
import "../../parts/json-view.ts";
import { show } from "../../parts/states.ts";
import { pairs } from "../../parts/pairs.ts";
import { activityWords } from "./activity-words.ts";

/** Null: none is kept. */
type Result = Readonly<Record<string, unknown>> | null;

/** A call with all that is known of it. Sends `close`. */
@customElement("desk-call-details")
export class DeskCallDetails extends PageElement {
  @property({ attribute: false }) call!: Call;
  @property() closeHref = "";
  readonly #result = new Resource<Result>(this, { load: (signal) => this.#read(signal) });

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get("call");
    if (before !== undefined && before.callId !== this.call.callId) void this.#result.restart();
  }

  override render() {
    const { call } = this;
    return html`<header class="dialog-head">
        <h2>${callTitle(call)}</h2>
        <a class="button quiet icon-only" href=${this.closeHref} aria-label=${activityWords.close}>${icon("close")}</a>
      </header>
      ${
        call.conversation === undefined
          ? nothing
          : html`<p>
              <a
                class="button"
                href=${router.href(`/inbox/${call.conversation}`, { step: call.seq === undefined ? undefined : String(call.seq) })}
                >${icon("chat")}${activityWords.openStep}</a
              >
            </p>`
      }
      ${this.#pairs()}
      <h3>${activityWords.arguments}</h3>
      ${call.arguments === undefined ? html`<p class="muted">${activityWords.noArguments}</p>` : html`<desk-json label=${activityWords.arguments} .value=${call.arguments}></desk-json>`}
      <h3>${activityWords.result}</h3>
      ${show(this.#result, (result) =>
        result === null
          ? html`<p class="muted">${call.conversation === undefined ? activityWords.noResultByHand : activityWords.noResult}</p>`
          : html`<desk-json label=${activityWords.result} .value=${result}></desk-json>`,
      )}`;
  }

  #pairs(): TemplateResult {
    const { call } = this;
    const only = (name: string, value: string) =>
      html`<br /><a href=${router.href("/activity", { [name]: value })}>${activityWords.only(value)}</a>`;
    return pairs([
      [activityWords.exactly, formatExactly(call.at)],
      [activityWords.outcome, activityWords.outcomes[call.outcome]],
      [activityWords.duration, call.durationMs === undefined ? undefined : formatDuration(call.durationMs)],
      [activityWords.refusal, call.refusal],
      [activityWords.cause, call.cause],
      [activityWords.tool, html`<code>${hiddenShown(call.tool)}</code>${only("tool", call.tool)}`],
      [activityWords.server, html`${callServer(call)} <code>${call.server}</code>${only("server", call.server)}`],
      [activityWords.assistant, call.assistant && html`${call.assistant}${only("assistant", call.assistant)}`],
      [activityWords.customer, call.customer && html`${customerOf(call)} <code>${call.customer}</code>${only("customer", call.customer)}`],
      [activityWords.person, call.person && html`${activityWords.byHandOf(call.personName ?? call.person)}${only("person", call.person)}`],
      [activityWords.approval, call.approval && html`${approvalText(call)}${only("person", call.approval.by)}`],
      [activityWords.callId, html`<code>${call.callId}</code>`],
    ]);
  }

  async #read(signal: AbortSignal): Promise<Result> {
    const { conversation, callId } = this.call;
    if (conversation === undefined) return null;
    try {
      const path = `/conversations/${encodeURIComponent(conversation)}/calls/${encodeURIComponent(callId)}/result`;
      return (await api.get<Readonly<Record<string, unknown>>>(path, { signal })).body;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }
  }
}

/** Whoever no website knows is known by the id alone, which stands beside it. */
function customerOf(call: Call): TemplateResult | typeof nothing {
  const { customer } = call;
  return customer === undefined || call.verified !== true ? nothing : customerNamed({ ...call, customer });
}

function approvalText({ approval }: Call): string {
  if (approval === undefined) return "";
  const name = approval.byName ?? approval.by;
  if (approval.decision === "approved") return activityWords.approvedBy(name);
  return approval.decision === "rejected" ? activityWords.rejectedBy(name) : activityWords.decidedBy(approval.decision, name);
}
