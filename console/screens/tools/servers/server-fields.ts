import { html, nothing, type TemplateResult } from "lit";
import type { McpServer } from "../../../api/types.ts";
import type { Form } from "../../../foundation/form.ts";
import { may, me } from "../../../foundation/screen.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { choiceField, switchField, textField } from "../../../parts/fields.ts";
import { factRows } from "../../../parts/fact-rows.ts";
import { toolsWords } from "../tools-words.ts";
import { formWords } from "./form-words.ts";
import { headerRows } from "../header-rows.ts";
import { iconField } from "./icon-field.ts";
import type { ServerForm } from "./server-form.ts";

export interface FieldsGiven {
  readonly form: Form<ServerForm>;
  /** Absent: it is being made. */
  readonly server?: McpServer;
  readonly isReadOnly: boolean;
  readonly redirectUrl: string;
  /** Something was changed that a test would see. */
  readonly changed: () => void;
  readonly left: () => void;
  readonly named: () => void;
  readonly keyTyped: () => void;
  /** Below the address: how the test of it goes. */
  readonly tested: TemplateResult | typeof nothing;
}

/** What is asked of every server. */
export function mainFields(given: FieldsGiven): TemplateResult {
  const { form, server, isReadOnly, changed, left } = given;
  return html`${textField(form, { path: "/name", label: formWords.name, isReadOnly, autofocus: server === undefined, onInput: given.named })}
    ${textField(form, { path: "/key", label: formWords.key, hint: server === undefined ? formWords.keyHint : formWords.keyFixed, isCode: true, isReadOnly: isReadOnly || server !== undefined, onInput: given.keyTyped })}
    ${textField(form, { path: "/description", label: formWords.description, hint: formWords.descriptionHint, lines: 2, isOptional: true, isReadOnly })}
    ${textField(form, {
      path: "/url",
      label: formWords.url,
      hint: server === undefined ? formWords.urlHint : formWords.urlKept,
      placeholder: server?.url ?? "https://",
      isCode: true,
      isReadOnly,
      onInput: changed,
      onBlur: left,
    })}
    ${given.tested}
    <div class="two">
      ${textField(form, { path: "/callTimeoutMs", label: formWords.timeout, hint: formWords.timeoutHint, type: "number", scale: 1000, unit: formWords.seconds, isReadOnly })}
      ${choiceField(form, { path: "/transport", label: formWords.transport, options: optionsOf(formWords.transports, server?.transport === "stdio" ? ["stdio"] : ["auto", "streamable-http", "sse"]), isReadOnly, onChange: changed })}
    </div>
    ${authFields(given)} ${iconField(form, { label: formWords.icon, isReadOnly })}`;
}

function authFields(given: FieldsGiven): TemplateResult {
  const { form, server, isReadOnly, changed } = given;
  const kind = form.get("/auth/kind");
  return html`${choiceField(form, { path: "/auth/kind", label: formWords.auth, options: optionsOf(formWords.auths), isReadOnly, onChange: changed, ...(kind === "oauth" ? { hint: formWords.oauthHint } : {}) })}
  ${kind === "none" ? nothing : headerRows(form, { legend: formWords.headers, hint: formWords.headersHint, isReadOnly, changed })}
  ${
    kind === "oauth"
      ? html`<details class="disclosure" ?open=${hasOauthFault(form)}>
          <summary>${formWords.advancedOauth}</summary>
          <p class="muted">${formWords.advancedHint}</p>
          ${oauthFields(given, server?.auth.oauth?.hasClientSecret ?? false)}
        </details>`
      : nothing
  }`;
}

function oauthFields({ form, isReadOnly, redirectUrl, changed }: FieldsGiven, hasSecret: boolean): TemplateResult {
  const common = { isReadOnly, isOptional: true, onBlur: changed };
  return html`<div class="field">
      <span class="label">${formWords.redirectUrl}</span>
      ${copyField(formWords.redirectUrl, form.text("/auth/oauth/redirectUrl") || redirectUrl)}
      <div class="hint">${formWords.redirectHint}</div>
    </div>
    ${textField(form, { ...common, path: "/auth/oauth/clientId", label: formWords.clientId, isCode: true })}
    ${textField(form, { ...common, path: "/auth/oauth/clientSecret", label: formWords.clientSecret, type: "password", autocomplete: "new-password", placeholder: hasSecret ? formWords.secretKept : "" })}
    ${textField(form, { ...common, path: "/auth/oauth/scope", label: formWords.scope, hint: formWords.scopeHint, isCode: true })}
    ${choiceField(form, { path: "/auth/oauth/grant", label: formWords.grant, options: optionsOf(formWords.grants), isReadOnly, onChange: changed })}
    ${textField(form, { ...common, path: "/auth/oauth/redirectUrl", label: formWords.ownRedirect, hint: formWords.ownRedirectHint, isCode: true })}`;
}

/** What has a good default. */
export function moreFields({ form, server, isReadOnly, changed }: FieldsGiven): TemplateResult {
  const isAdmin = me.self?.roles.includes("admin") ?? false;
  const forAdmins = { isReadOnly: isReadOnly || !isAdmin };
  const adminHint = (hint?: string) => (isAdmin || isReadOnly ? (hint === undefined ? {} : { hint }) : { hint: formWords.adminsOnly });
  return html`<details class="disclosure">
    <summary>${formWords.more}</summary>
    ${choiceField(form, { path: "/protocol", label: formWords.protocol, options: optionsOf(formWords.protocols), isReadOnly, onChange: changed })}
    ${textField(form, { path: "/connectTimeoutMs", label: formWords.connectTimeout, hint: formWords.connectTimeoutHint, type: "number", scale: 1000, unit: formWords.seconds, isReadOnly })}
    ${choiceField(form, { path: "/isolation", label: formWords.isolation, options: optionsOf(formWords.isolations, server?.transport === "stdio" ? ["conversation", "call", "shared"] : ["conversation", "call"]), isReadOnly })}
    ${choiceField(form, { path: "/results", label: formWords.results, options: optionsOf(formWords.resultsAll), isReadOnly })}
    ${choiceField(form, { path: "/newTools", label: formWords.newTools, options: optionsOf(formWords.newToolsAll), isReadOnly })}
    ${choiceField(form, { path: "/personalTools", label: formWords.personalTools, options: optionsOf(formWords.personalToolsAll), ...forAdmins, ...adminHint() })}
    ${customerFields(form, { isReadOnly, isProgram: server?.transport === "stdio" })}
    ${switchField(form, { path: "/trusted", label: formWords.trusted, ...forAdmins, ...adminHint(formWords.trustedHint) })}
    ${textField(form, { path: "/samplingTokens", label: formWords.samplingTokens, type: "number", unit: formWords.tokens, ...forAdmins, ...adminHint(formWords.samplingHint) })}
    ${server === undefined && may("servers.share") ? choiceField(form, { path: "/access", label: formWords.access, options: optionsOf(formWords.accesses), isReadOnly }) : nothing}
  </details>`;
}

/** What the server is told of the customer. A program has no headers. */
function customerFields(form: Form<ServerForm>, { isReadOnly, isProgram }: { isReadOnly: boolean; isProgram: boolean }): TemplateResult {
  const { customerHeaders, customerHeadersHint, customerMeta, customerMetaHint, headerName, metaKey } = toolsWords;
  return html`${
    isProgram
      ? nothing
      : factRows(form, {
          path: "/customerHeaders",
          legend: customerHeaders,
          hint: customerHeadersHint,
          nameLabel: headerName,
          placeholder: "X-Customer-Plan",
          isReadOnly,
        })
  }
  ${factRows(form, { path: "/customerMeta", legend: customerMeta, hint: customerMetaHint, nameLabel: metaKey, placeholder: "shop.example/customer", isReadOnly })}`;
}

function optionsOf(labels: Readonly<Record<string, string>>, only = Object.keys(labels)): readonly (readonly [string, string])[] {
  return only.map((value) => [value, labels[value] ?? value] as const);
}

function hasOauthFault(form: Form<ServerForm>): boolean {
  return form.fault("/auth/oauth") !== undefined;
}
