import { html, nothing, type TemplateResult } from "lit";
import type { FetchedDeviceTools } from "../../../api/types.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { icon } from "../../../parts/icon.ts";
import { badge, status, type Tone } from "../../../parts/status.ts";
import { devicesWords } from "./devices-words.ts";

type Device = FetchedDeviceTools["devices"][number];
type Tool = Device["tools"][number];

const TONES: Readonly<Record<Device["standing"], Tone>> = { answering: "good", starting: "busy", silent: "bad" };

/** What the devices bring, and why there is nothing to use. */
export function fetchedTools(
  { devices, empty }: FetchedDeviceTools,
  { accept, hasTokens }: { readonly accept: (tool: Tool) => void; readonly hasTokens: boolean },
): TemplateResult {
  const isNew = empty?.reason === "nobody-connected" && !hasTokens;
  return html`${
    empty === undefined
      ? nothing
      : html`<p class="note" data-tone="warning">
          ${icon("alert")}<span>${isNew ? devicesWords.noneYet : devicesWords.empty[empty.reason]}</span>
        </p>`
  }
  ${devices.map((device) => deviceTools(device, accept))}`;
}

function deviceTools({ name, token, standing, tools, leftOut, fault }: Device, accept: (tool: Tool) => void): TemplateResult {
  return html`<h3>${hiddenShown(name)} ${token.name === name ? nothing : html`<span class="muted">· ${token.name}</span>`}</h3>
    <p>${status(TONES[standing], devicesWords[standing])} ${fault === undefined ? nothing : html`<span class="muted">${fault}</span>`}</p>
    ${
      tools.length === 0
        ? nothing
        : html`<ul class="plain-list">
            ${tools.map((tool) => oneTool(tool, accept))}
          </ul>`
    }
    ${
      leftOut.length === 0
        ? nothing
        : html`<p class="muted">
            ${devicesWords.leftOut} ${leftOut.map(({ tool, reason }) => html`<code>${hiddenShown(tool)}</code> (${reason}) `)}
          </p>`
    }`;
}

function oneTool(tool: Tool, accept: (tool: Tool) => void): TemplateResult {
  const { name, title, description, parameters, state, permission } = tool;
  return html`<li>
    <span>
      ${title === name ? nothing : hiddenShown(title)} <code>${hiddenShown(name)}</code><br />
      ${description === "" ? nothing : html`<span class="said">${hiddenShown(description)}</span><br />`}
      <span class="muted">${devicesWords.parameters(parameters, formatNumber(parameters))}</span>
      ${state === "changed" ? badge(devicesWords.changed, "bad") : nothing}
      ${state === "new" ? badge(devicesWords.isNew, "warning") : nothing}
      ${permission === "disabled" ? badge(devicesWords.disabled) : nothing}
    </span>
    ${
      state === "accepted"
        ? nothing
        : html`<button type="button" aria-label=${devicesWords.acceptOne(name)} @click=${() => accept(tool)}>
            ${devicesWords.accept}
          </button>`
    }
  </li>`;
}
