import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { ServerAccess } from "./server-access.ts";
import type { RegisteredServers } from "./server-directory.ts";
import { exportServers, type ExportFormat, type McpServersExport, type VapiExport } from "./server-export.ts";
import { readImport, type importDocumentSchema } from "./server-import.ts";
import type { ServerView } from "./server-view.ts";
import type { Servers } from "./servers.ts";
import type * as z from "zod";

/** What happened to one entry. */
export interface ImportOutcome {
  readonly name: string;
  readonly outcome: "created" | "would-create" | "refused";
  readonly key?: string;
  /** Why it was refused, or what was changed about it. */
  readonly notes: readonly string[];
  readonly server?: ServerView;
}

/** Imports servers from other products, and exports them. */
export class ServerTransfer {
  readonly #ports: { readonly servers: Servers; readonly directory: RegisteredServers; readonly access: ServerAccess };

  constructor(ports: { readonly servers: Servers; readonly directory: RegisteredServers; readonly access: ServerAccess }) {
    this.#ports = ports;
  }

  /** Makes each entry that can be made, one after the other, and reports on all. `dryRun`: only reports. */
  async import(
    staff: Staff,
    request: { readonly document: z.output<typeof importDocumentSchema>; readonly dryRun: boolean },
    signal: AbortSignal,
  ): Promise<readonly ImportOutcome[]> {
    const { servers, directory } = this.#ports;
    const outcomes: ImportOutcome[] = [];
    for (const entry of readImport(request.document)) {
      const { name } = entry;
      if ("refused" in entry) {
        outcomes.push({ name, outcome: "refused", notes: [entry.refused] });
        continue;
      }
      const { key, input, notes } = entry;
      const taken = `A server "${key}" already exists. Rename this entry, or delete that server.`;
      if (directory.get(key) !== undefined) outcomes.push({ name, key, outcome: "refused", notes: [taken] });
      else if (request.dryRun) outcomes.push({ name, key, outcome: "would-create", notes });
      else {
        try {
          const { server } = await servers.create(staff, input, signal);
          outcomes.push({ name, key, outcome: "created", notes, server });
        } catch (error) {
          if (!(error instanceof RequestError || error instanceof InvalidError)) throw error;
          outcomes.push({ name, key, outcome: "refused", notes: [error.message] });
        }
      }
    }
    return outcomes;
  }

  /** The servers that this person may use. */
  async export(staff: Staff, format: ExportFormat): Promise<McpServersExport | VapiExport> {
    const { directory, access } = this.#ports;
    const allowed = await Promise.all(
      directory.all().map(async (server) => ((await access.allows(staff, server.key, "use")) ? [server] : [])),
    );
    return exportServers(allowed.flat(), format);
  }
}
