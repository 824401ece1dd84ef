import type { McpServer, ReadMcpServerDeletionAnswer } from "../../../api/types.ts";
import type { Form } from "../../../foundation/form.ts";
import { type FactRow, factRowsOf, factsIn } from "../../../parts/fact-rows.ts";
import { headersPatch, keptHeaders, type HeaderRow } from "../header-rows.ts";

export type Deletion = ReadMcpServerDeletionAnswer;

type Shared =
  | "name"
  | "key"
  | "transport"
  | "protocol"
  | "callTimeoutMs"
  | "connectTimeoutMs"
  | "isolation"
  | "results"
  | "newTools"
  | "personalTools"
  | "trusted"
  | "samplingTokens"
  | "access";

/** A server as the form has it. Secrets are empty: what is not typed stays as it is kept. */
export interface ServerForm extends Pick<McpServer, Shared> {
  readonly description: string;
  readonly icon: string;
  /** Empty: the address that is kept. */
  readonly url: string;
  readonly headers: readonly HeaderRow[];
  readonly customerHeaders: readonly FactRow[];
  readonly customerMeta: readonly FactRow[];
  readonly auth: {
    readonly kind: McpServer["auth"]["kind"];
    readonly oauth: {
      readonly grant: "authorization_code" | "client_credentials";
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string;
      readonly redirectUrl: string;
    };
  };
}

export const NEW_SERVER: ServerForm = {
  name: "",
  key: "",
  description: "",
  icon: "",
  url: "",
  transport: "auto",
  protocol: "auto",
  headers: [],
  customerHeaders: [],
  customerMeta: [],
  auth: { kind: "none", oauth: { grant: "authorization_code", clientId: "", clientSecret: "", scope: "", redirectUrl: "" } },
  callTimeoutMs: 30_000,
  connectTimeoutMs: 5_000,
  isolation: "conversation",
  results: "full",
  newTools: "needs_approval",
  personalTools: "needs_approval",
  trusted: false,
  samplingTokens: 0,
  access: "restricted",
};

/** `ownIcon`: the one that was chosen here; the server may have a picture of itself. */
export function formOf(server: McpServer): ServerForm {
  const { auth, headers, description = "", icon = "", status, customerHeaders, customerMeta, ...rest } = server;
  const { hasClientSecret: _has, ...oauth } = auth.oauth ?? { hasClientSecret: false };
  const shared = Object.fromEntries(Object.keys(NEW_SERVER).flatMap((name) => (name in rest ? [[name, rest[name as "name"]]] : [])));
  return {
    ...NEW_SERVER,
    ...shared,
    description,
    icon: icon === status.about?.icon ? "" : icon,
    url: "",
    headers: keptHeaders(headers),
    customerHeaders: factRowsOf(customerHeaders),
    customerMeta: factRowsOf(customerMeta),
    auth: { kind: auth.kind, oauth: { ...NEW_SERVER.auth.oauth, ...oauth } },
  };
}

/** What a create takes: what was left empty is left out. */
export function createBody(form: Form<ServerForm>): Record<string, unknown> {
  const { headers, auth, customerHeaders, customerMeta, ...rest } = form.whole() as unknown as ServerForm;
  const sent = headersPatch([], headers);
  return {
    ...filled(rest),
    ...(customerHeaders.length === 0 ? {} : { customerHeaders: factsIn(customerHeaders) }),
    ...(customerMeta.length === 0 ? {} : { customerMeta: factsIn(customerMeta) }),
    ...(auth.kind === "none" || Object.keys(sent).length === 0 ? {} : { headers: sent }),
    auth: { kind: auth.kind, ...(auth.kind === "oauth" ? { oauth: filled(auth.oauth) } : {}) },
  };
}

/** What a change takes: only what was changed. */
export function changeBody(form: Form<ServerForm>, server: McpServer): Record<string, unknown> {
  const patch = form.patch();
  for (const name of ["customerHeaders", "customerMeta"]) if (name in patch) patch[name] = toldPatch(patch[name]);
  // What is not drawn any more must not go on being sent.
  const hasNone = form.isChanged("/auth/kind") && form.get("/auth/kind") === "none";
  if (!("headers" in patch) && !hasNone) return patch;
  return { ...patch, headers: headersPatch(server.headers, hasNone ? [] : (form.get("/headers") as readonly HeaderRow[])) };
}

/** What a test before saving takes. */
export function trialBody(form: Form<ServerForm>, server: McpServer | undefined): Record<string, unknown> {
  if (server !== undefined) {
    const { key: _key, ...patch } = changeBody(form, server);
    return { ...patch, key: server.key };
  }
  const { key: _key, name, ...body } = createBody(form);
  return { ...body, ...(name === undefined ? {} : { name }) };
}

/** They are replaced whole. */
function toldPatch(rows: unknown): Record<string, string> | null {
  const facts = factsIn(rows);
  return Object.keys(facts).length === 0 ? null : facts;
}

function filled(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "" && value !== undefined && value !== null));
}
