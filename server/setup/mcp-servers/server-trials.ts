import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import { parseOrInvalid } from "../../documents/merge-patch.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { readDefinition } from "../../tools/definitions/tool-definition.ts";
import type { ServerEntry } from "../../tools/mcp/servers/ports.ts";
import { serverStatusSchema } from "./server-status.ts";
import type { Probe, Prober } from "../../tools/probe/prober.ts";
import { maskedUrl } from "./masked-url.ts";
import { onlyAdminsMay } from "./admin-fields.ts";
import { openForChange } from "./open-for-change.ts";
import { noServer, type ServerAccess } from "./server-access.ts";
import { newRecord, patchedRecord } from "./server-changes.ts";
import type { RegisteredServers } from "./server-directory.ts";
import { serverInputSchema, serverPatchSchema } from "./server-input.ts";
import { identifierSchema } from "./server-record.ts";
import { settingsOf, type OpenRecord } from "./server-secrets.ts";

export const serverTrialSchema = serverPatchSchema
  .extend({
    key: identifierSchema
      .optional()
      .describe("A saved server: what the request does not name is as it is kept, secrets too while the address is the same."),
  })
  .meta({ examples: [{ url: "https://orders.example/mcp", headers: { Authorization: "Bearer …" } }] });
export type ServerTrial = z.output<typeof serverTrialSchema>;

export const triedServerSchema = serverStatusSchema.omit({ since: true, checkedAt: true, toolCount: true }).extend({
  status: z.enum(["connected", "disconnected"]),
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      readOnly: z.boolean().optional().describe("What the server says of it, which nobody has checked."),
      destructive: z.boolean().optional(),
      parameters: z.int().describe("How many arguments it takes."),
    }),
  ),
  leftOut: z.array(z.object({ tool: z.string(), reason: z.string() })).describe("Tools that cannot be used, and why not."),
});
export type TriedServer = z.output<typeof triedServerSchema>;

/** Nothing is kept under this key: no server may have it, so that no stored sign-in goes anywhere. */
const NO_KEY = "?";
/** What the sentences about a server call it while nobody has named it. */
const UNNAMED = "This server";

export interface ServerTrialsPorts {
  readonly documents: Pick<DocumentStore, "write">;
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly directory: RegisteredServers;
  readonly access: ServerAccess;
  readonly prober: Pick<Prober, "probe">;
  /** Throws when too many tries are made of this address, or by this person or key. */
  readonly before: (address: string, by: string) => Promise<void>;
}

/** Servers as they would be, looked at before they are saved. */
export class ServerTrials {
  readonly #ports: ServerTrialsPorts;

  constructor(ports: ServerTrialsPorts) {
    this.#ports = ports;
  }

  /**
   * Looks at a server and stores nothing of it; that it was looked at is audited. Throws `RequestError` `not-found`,
   * `forbidden`, `read-only` or `rate-limited`, and `InvalidError`.
   */
  async test(staff: Staff, trial: ServerTrial, signal: AbortSignal): Promise<TriedServer> {
    const { clock, documents, prober, before } = this.#ports;
    const entry = await this.#entry(staff, trial);
    const address = maskedUrl("url" in entry.settings ? entry.settings.url : "");
    await before(`server ${address}`, `${staff.kind}/${staff.id}`);
    const probe = await prober.probe(entry, signal);
    const { status, reason } = probe;
    const target = { kind: "mcp-server", id: trial.key ?? address };
    const after = { url: address, status, ...(reason === undefined ? {} : { reason }) };
    await documents.write([], { at: clock.now(), audit: [{ by: actorOf(staff), action: "mcp-server.try", target, after }] });
    return shown(probe);
  }

  async #entry(staff: Staff, { key, ...patch }: ServerTrial): Promise<ServerEntry> {
    const saved = key === undefined ? undefined : this.#ports.directory.get(key);
    if (key === undefined || saved === undefined) return this.#newEntry(staff, { ...patch, ...(key === undefined ? {} : { key }) });
    const server = await this.#ports.access.changeable(staff, key);
    onlyAdminsMay(staff, server, patch);
    const { record, moved } = patchedRecord(openForChange(server, patch, this.#ports.box), patch);
    return entryOf(moved ? NO_KEY : key, record);
  }

  #newEntry(staff: Staff, trial: ServerTrial): ServerEntry {
    if (!mayDo(staff, "servers.create")) {
      // One that they may not use is not there either: the answer must not tell the two apart.
      if (trial.key !== undefined) throw noServer(trial.key);
      throw new RequestError("forbidden", { detail: "Only who may set up servers may test a new one." });
    }
    const { key: _key, ...input } = parseOrInvalid(serverInputSchema, { key: "new_server", ...withoutNulls(trial) });
    return entryOf(NO_KEY, newRecord({ ...input, name: input.name ?? UNNAMED, key: trial.key ?? "new_server" }));
  }
}

function entryOf(key: string, record: OpenRecord): ServerEntry {
  return { settings: settingsOf(key, record), revision: "try" };
}

/** A form sends null for what is taken away; in a new server there is nothing to take away. */
function withoutNulls(value: object): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(
    kept.map(([name, inner]) => [
      name,
      typeof inner === "object" && !Array.isArray(inner) ? withoutNulls(inner as object) : (inner as unknown),
    ]),
  );
}

function shown({ tools, leftOut, ...found }: Probe): TriedServer {
  return {
    ...found,
    tools: tools.map((tool) => {
      const definition = readDefinition(tool.said);
      const { title = tool.tool, description = "", readOnly, destructive } = typeof definition === "string" ? {} : definition;
      return {
        name: tool.tool,
        title,
        description,
        ...(readOnly === undefined ? {} : { readOnly }),
        ...(destructive === undefined ? {} : { destructive }),
        parameters: Object.keys((tool.inputSchema["properties"] ?? {}) as object).length,
      };
    }),
    leftOut: leftOut.map((one) => ({ ...one })),
  };
}
