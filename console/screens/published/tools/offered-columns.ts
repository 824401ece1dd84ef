import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { PreviewedPublishedTool } from "../../../api/types.ts";
import { router } from "../../../foundation/router.ts";
import type { Column } from "../../../parts/data-table.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { menu } from "../../../parts/menu.ts";
import { status } from "../../../parts/status.ts";
import { type OfferedTool, sourceSaid, toolSaid } from "./offered-tool.ts";
import { offeredWords } from "./offered-words.ts";

interface Given {
  readonly server: string;
  readonly previewed: (tool: OfferedTool) => PreviewedPublishedTool | undefined;
  readonly isLooking: boolean;
  readonly isReadOnly: boolean;
  readonly change: (tool: OfferedTool, change: Partial<OfferedTool>) => void;
  readonly edit: (tool: OfferedTool) => void;
  readonly takeOut: (tool: OfferedTool) => void;
}

/** Each tool of a published server, and what can be changed of it. */
export function offeredColumns(given: Given): readonly Column<OfferedTool>[] {
  return [
    {
      label: offeredWords.tool,
      width: "minmax(120px, 2fr)",
      cell: (tool) => html`<code class="cut-text" title=${hiddenShown(tool.name)}>${toolSaid(tool)}</code>`,
    },
    {
      label: offeredWords.seen,
      width: "minmax(150px, 1.2fr)",
      isSecondary: true,
      cell: (tool) => seenCell(tool, given),
    },
    { label: offeredWords.permission, width: "164px", isSecondary: true, cell: (tool) => permissionCell(tool, given) },
    { label: offeredWords.from, width: "minmax(130px, 1.2fr)", isSecondary: true, cell: sourceSaid },
    { label: offeredWords.active, width: "44px", cell: (tool) => activeCell(tool, given) },
    {
      label: offeredWords.more(""),
      isLabelHidden: true,
      width: "44px",
      cell: (tool) => (given.isReadOnly ? nothing : moreCell(tool, given)),
    },
  ];
}

/** As it is saved. What was changed here since then is not asked about yet. */
function seenCell(tool: OfferedTool, { previewed, isLooking }: Given): TemplateResult {
  const found = previewed(tool);
  if (found === undefined)
    return isLooking ? html`<span class="muted">${offeredWords.looking}</span>` : html`<span class="muted">${offeredWords.unsaved}</span>`;
  const { unseen, alwaysAsks } = found;
  if (unseen === undefined) return alwaysAsks === true ? status("warning", offeredWords.asksFirst) : status("good", offeredWords.seenNow);
  return status(unseen.reason === "inactive" ? "neutral" : "bad", offeredWords.unseen[unseen.reason]);
}

function permissionCell(tool: OfferedTool, { change, isReadOnly }: Given): TemplateResult {
  if (tool.source === "assistant") return html`<span class="muted">${offeredWords.askedInside}</span>`;
  const { permission = "always_allow" } = tool;
  return html`<select
    aria-label=${offeredWords.permissionOf(toolSaid(tool))}
    .value=${live(permission)}
    ?disabled=${isReadOnly}
    @change=${(event: Event) =>
      change(tool, { permission: (event.currentTarget as HTMLSelectElement).value as NonNullable<OfferedTool["permission"]> })}
  >
    ${(["always_allow", "needs_approval"] as const).map(
      (option) => html`<option value=${option} ?selected=${option === permission}>${offeredWords[option]}</option>`,
    )}
  </select>`;
}

function activeCell(tool: OfferedTool, { change, isReadOnly }: Given): TemplateResult {
  return html`<input
    type="checkbox"
    role="switch"
    aria-label=${offeredWords.activeOf(toolSaid(tool))}
    .checked=${live(tool.active !== false)}
    ?disabled=${isReadOnly}
    @change=${(event: Event) => change(tool, { active: (event.currentTarget as HTMLInputElement).checked })}
  />`;
}

function moreCell(tool: OfferedTool, { server, edit, takeOut, previewed }: Given): TemplateResult {
  const found = previewed(tool);
  const test = (): void => void router.go(`/published-servers/${server}/test`, { query: { tool: found?.publishedName } });
  return menu(offeredWords.more(toolSaid(tool)), [
    { label: offeredWords.edit, icon: "edit", act: () => edit(tool) },
    ...(found?.definition === undefined ? [] : [{ label: offeredWords.tryIt, icon: "play" as const, act: test }]),
    { label: offeredWords.takeOut, icon: "remove", isDangerous: true, act: () => takeOut(tool) },
  ]);
}
