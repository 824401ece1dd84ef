import { html, nothing, type TemplateResult } from "lit";
import type { PublishedServer } from "../../../api/types.ts";
import { formatAgo } from "../../../foundation/format.ts";
import { router } from "../../../foundation/router.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { ago, status } from "../../../parts/status.ts";
import { clientSaid } from "../published-status.ts";
import { connectWords } from "./connect-words.ts";

const STEPS = ["connected", "listed", "called"] as const;

/** How far a client came by now; and, while none has, what to look at. */
export function comingOf(server: PublishedServer): TemplateResult {
  const { first, last, id } = server;
  const hasCome = STEPS.some((step) => first[step] !== undefined);
  return html`<section class="group" aria-labelledby="connect-check">
    <h2 id="connect-check">${connectWords.check}</h2>
    <p class="muted">${connectWords.checkLead}</p>
    <div role="status">
      <ul class="plain-list coming">
        ${STEPS.map((step) => html`<li>${stepOf(step, first[step])}</li>`)}
      </ul>
    </div>
    ${
      last === undefined
        ? nothing
        : html`<p>
            ${connectWords.lastCall(last.tool, clientSaid(last))} <span class="muted">· ${ago(last.at)}</span>
            <a href=${router.href(`/published-servers/${id}/log`)}>${connectWords.toLog}</a>
          </p>`
    }
    ${hasCome ? nothing : adviceOf(server)}
  </section>`;
}

function stepOf(step: (typeof STEPS)[number], at: number | undefined): TemplateResult {
  if (at === undefined)
    return html`<span>${status("neutral", connectWords[step])} <span class="muted">· ${connectWords.notYet}</span></span>`;
  return html`<span>${status("good", connectWords[step])} <span class="muted">· ${connectWords.first} ${ago(at)}</span></span>`;
}

function adviceOf({ id, tools, keys, refused }: PublishedServer): TemplateResult {
  return html`<p>${connectWords.advice}</p>
    <ul class="dots">
      ${
        refused === undefined
          ? nothing
          : html`<li><strong>${connectWords.refused(formatAgo(refused.at), hiddenShown(refused.message))}</strong></li>`
      }
      ${
        tools.some(({ active }) => active)
          ? nothing
          : html`<li>${connectWords.noTools} <a href=${router.href(`/published-servers/${id}`)}>${connectWords.addTools}</a></li>`
      }
      ${keys === 0 ? html`<li>${connectWords.noKeys}</li>` : nothing}
      <li>${connectWords.typing}</li>
      <li>${connectWords.restart}</li>
      <li>${connectWords.proxy}</li>
    </ul>`;
}
