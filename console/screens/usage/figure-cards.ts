import { html, nothing, type TemplateResult } from "lit";
import type { Usage } from "../../api/types.ts";
import { formatMoney, formatNumber, formatPercent } from "../../foundation/format.ts";
import { status, type Tone } from "../../parts/status.ts";
import {
  approvalShare,
  costText,
  durationText,
  failedShare,
  type Figures,
  goodShare,
  percentText,
  tokensOf,
  voiceText,
  withoutPerson,
} from "./findings.ts";
import { usageWords } from "./usage-words.ts";

const CARDS: readonly (readonly [label: string, text: (figures: Figures) => string])[] = [
  [usageWords.conversations, ({ conversations }) => formatNumber(conversations)],
  [usageWords.withoutPerson, (figures) => percentText(withoutPerson(figures))],
  [usageWords.approvalRate, (figures) => percentText(approvalShare(figures))],
  [usageWords.approvalWait, ({ approvalMs }) => durationText(approvalMs?.p50)],
  [usageWords.failedCalls, ({ calls }) => percentText(failedShare(calls))],
  [usageWords.tokens, (figures) => formatNumber(tokensOf(figures))],
  [usageWords.cost, costText],
  [usageWords.good, (figures) => percentText(goodShare(figures))],
];

/** The numbers of the period, each beside that of the period before; those of calls where there were any. */
export function figureCards({ totals, before }: Usage): TemplateResult {
  const cards = totals.voiceCalls + before.voiceCalls === 0 ? CARDS : [...CARDS, [usageWords.voiceCalls, voiceText] as const];
  return html`<dl class="figures">
    ${cards.map(
      ([label, text]) =>
        html`<div>
          <dt>${label}</dt>
          <dd class="figure">${text(totals)}</dd>
          <dd class="muted">${text(before) === usageWords.none ? nothing : usageWords.compared(text(before))}</dd>
        </div>`,
    )}
  </dl>`;
}

type Standing = Usage["budgets"][number];

/** How much of their budgets assistants have used; nothing where nobody has one. */
export function budgetCards({ budgets }: Usage, names: ReadonlyMap<string, string>): TemplateResult | typeof nothing {
  if (budgets.length === 0) return nothing;
  return html`<section class="usage-part budgets">
    <h2>${usageWords.budgets}</h2>
    <dl class="figures">
      ${budgets.map((standing) => {
        const { assistant, budget, used, most } = standing;
        const [tone, word] = verdict(standing);
        const name = usageWords.budgetNames[budget as keyof typeof usageWords.budgetNames] ?? budget;
        return html`<div data-tone=${tone}>
          <dt>${names.get(assistant) ?? assistant} · ${name}</dt>
          <dd>${usageWords.ofMost(amount(standing, used), amount(standing, most), formatPercent(used / most))}</dd>
          <dd>
            <progress max=${most} value=${Math.min(used, most)} aria-label=${`${names.get(assistant) ?? assistant}: ${name}`}></progress>
          </dd>
          <dd>${status(tone, word)}</dd>
        </div>`;
      })}
    </dl>
  </section>`;
}

function amount({ currency }: Standing, value: number): string {
  return currency === undefined ? formatNumber(value) : formatMoney(value, currency);
}

function verdict({ used, most, warnAt, stop }: Standing): readonly [Tone, string] {
  if (used >= most) return ["bad", stop ? usageWords.stopped : usageWords.over];
  return used >= warnAt * most ? ["warning", usageWords.near] : ["good", usageWords.within];
}
