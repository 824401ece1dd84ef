import { html, nothing, type TemplateResult } from "lit";
import type { Call } from "../api/types.ts";
import { customerNamed } from "./customer-said.ts";
import { hiddenShown } from "./hidden-shown.ts";

/** What people call the tool of a call. Of a test by hand, and of what no server has, only the raw name is known. */
export function callTitle({ title = "", tool }: Pick<Call, "title" | "tool">): string {
  return hiddenShown(title === "" ? tool : title);
}

/** What people call the server of a call. */
export function callServer({ serverName = "", server }: Pick<Call, "serverName" | "server">): string {
  return hiddenShown(serverName === "" ? server : serverName);
}

/** For whom a call was, and where it went, in one line. */
export function whoseCall(call: Call): TemplateResult {
  const { customer } = call;
  return html`${customer === undefined ? nothing : html`${customerNamed({ ...call, customer })} · `}${callServer(call)}`;
}
