import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { router } from "../../../foundation/router.ts";
import type { Column } from "../../../parts/data-table.ts";
import { badge } from "../../../parts/status.ts";
import { type Choice, CHOICES, choiceOf, titleOf, type Tool } from "./permissions.ts";
import { type Options, optionsButton } from "./permission-options.ts";
import { toolsWords } from "./tools-words.ts";

interface Given {
  readonly mayChange: () => boolean;
  readonly serverOf: () => string;
  readonly set: (tool: Tool, choice: Choice) => void;
  readonly optionsOf: (tool: Tool) => Options;
}

/** A tool, what it says of itself, and what holds for it. */
export function toolColumns({ mayChange, serverOf, set, optionsOf }: Given): readonly Column<Tool>[] {
  return [
    {
      label: toolsWords.tool,
      width: "minmax(110px, 1.5fr)",
      cell: (tool) => html`<span title=${tool.name}>${titleOf(tool)}</span>`,
    },
    { label: toolsWords.about, width: "minmax(160px, 1.2fr)", isSecondary: true, cell: (tool) => badges(tool, serverOf()) },
    {
      label: toolsWords.permission,
      width: "minmax(150px, 1fr)",
      cell: (tool) =>
        html`<select
          aria-label=${toolsWords.permissionOf(titleOf(tool))}
          ?disabled=${!mayChange()}
          .value=${live(choiceOf(tool))}
          @change=${(event: Event) => set(tool, (event.currentTarget as HTMLSelectElement).value as Choice)}
        >
          ${CHOICES.map(([value, label]) => html`<option value=${value} ?selected=${value === choiceOf(tool)}>${label}</option>`)}
        </select>`,
    },
    { label: toolsWords.more, width: "44px", cell: (tool) => optionsButton(() => optionsOf(tool)) },
  ];
}

function badges({ state, readOnly, destructive, cut, name }: Tool, server: string): TemplateResult {
  const href =
    server === "http"
      ? router.href(`/tools/http-tools/${name}`)
      : router.href(`/tools/mcp-servers/${server}/tools/${encodeURIComponent(name)}`);
  return html`${state === "new" ? badge(toolsWords.stateNew, "warning") : nothing}
  ${state === "changed" ? badge(toolsWords.stateChanged, "bad") : nothing}
  ${state === "proposed" ? badge(toolsWords.stateProposed, "warning") : nothing} ${readOnly ? badge(toolsWords.readOnly, "good") : nothing}
  ${destructive === true ? badge(toolsWords.destructive, "bad") : nothing} ${cut === true ? badge(toolsWords.cut, "warning") : nothing}
  ${state === "accepted" ? nothing : html`<a href=${href}>${toolsWords.lookAt}</a>`}`;
}
