import { html, nothing, type TemplateResult } from "lit";
import { router } from "../../../foundation/router.ts";
import type { Column } from "../../../parts/data-table.ts";
import { badge } from "../../../parts/status.ts";
import "./choice-select.ts";
import { type Choice, choiceOf, titleOf, type Tool } from "./permissions.ts";
import { type Options, optionsButton } from "./permission-options.ts";
import { toolsWords } from "./tools-words.ts";

interface Given {
  readonly mayChange: () => boolean;
  readonly assistantOf: () => string;
  readonly serverOf: () => string;
  readonly set: (tool: Tool, choice: Choice) => Promise<void>;
  readonly optionsOf: (tool: Tool) => Options;
}

/** A tool, what it says of itself, and what holds for it. */
export function toolColumns({ mayChange, assistantOf, serverOf, set, optionsOf }: Given): readonly Column<Tool>[] {
  return [
    {
      label: toolsWords.tool,
      width: "minmax(110px, 1.5fr)",
      cell: (tool) => html`<span title=${tool.name}>${titleOf(tool)}</span>`,
    },
    {
      label: toolsWords.about,
      width: "minmax(160px, 1.2fr)",
      isSecondary: true,
      cell: (tool) => badges(tool, pageOf(assistantOf(), serverOf(), tool)),
    },
    {
      label: toolsWords.permission,
      width: "minmax(150px, 1fr)",
      cell: (tool) =>
        html`<desk-choice-select
          label=${toolsWords.permissionOf(titleOf(tool))}
          .chosen=${choiceOf(tool)}
          .disabled=${!mayChange()}
          .choose=${(choice: Choice) => set(tool, choice)}
        ></desk-choice-select>`,
    },
    { label: toolsWords.more, width: "44px", cell: (tool) => optionsButton(() => optionsOf(tool)) },
  ];
}

/** Where somebody looks at the tool, and accepts it. */
function pageOf(assistant: string, server: string, { name }: Tool): string {
  if (server === "http") return router.href(`/tools/http-tools/${name}`);
  if (server === "device") return router.href(`/assistants/${assistant}/devices`);
  return router.href(`/tools/mcp-servers/${server}/tools/${encodeURIComponent(name)}`);
}

function badges({ state, readOnly, destructive, cut }: Tool, href: string): TemplateResult {
  return html`${state === "new" ? badge(toolsWords.stateNew, "warning") : nothing}
  ${state === "changed" ? badge(toolsWords.stateChanged, "bad") : nothing}
  ${state === "proposed" ? badge(toolsWords.stateProposed, "warning") : nothing} ${readOnly ? badge(toolsWords.readOnly, "good") : nothing}
  ${destructive === true ? badge(toolsWords.destructive, "bad") : nothing} ${cut === true ? badge(toolsWords.cut, "warning") : nothing}
  ${state === "accepted" ? nothing : html`<a href=${href}>${toolsWords.lookAt}</a>`}`;
}
