import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { ServerAccess } from "./server-access.ts";
import type { RegisteredServers } from "./server-directory.ts";
import { exportServers, type ExportFormat, type McpServersExport, type VapiExport } from "./server-export.ts";
import { maskedUrl } from "./masked-url.ts";
import { type ImportEntry, readImport, type importDocumentSchema } from "./server-import.ts";
import type { ServerView } from "./server-view.ts";
import type { Servers } from "./servers.ts";
import type * as z from "zod";

/** What happened to one entry. */
export interface ImportOutcome {
  readonly name: string;
  /** `skipped`: there is a server with this identifier already. */
  readonly outcome: "created" | "would-create" | "skipped" | "refused";
  readonly key?: string;
  /** Whether its identifier is another one than its name asks for. */
  readonly renamed?: true;
  /** What would be set up, without secrets. */
  readonly settings?: ImportedSettings;
  /** Why it was refused, or what was changed about it. */
  readonly notes: readonly string[];
  readonly server?: ServerView;
}

/** An entry as people may read it before it is made. */
export interface ImportedSettings {
  readonly name: string;
  /** Scheme and host. */
  readonly url: string;
  readonly transport: string;
  /** Their names. */
  readonly headers: readonly string[];
}

export interface ImportRequest {
  readonly document: z.output<typeof importDocumentSchema>;
  readonly dryRun: boolean;
  readonly rename?: boolean;
}

type Readable = Exclude<ImportEntry, { readonly refused: string }>;

const MOST_NAMES = 26;

/** Imports servers from other products, and exports them. */
export class ServerTransfer {
  readonly #ports: { readonly servers: Servers; readonly directory: RegisteredServers; readonly access: ServerAccess };

  constructor(ports: { readonly servers: Servers; readonly directory: RegisteredServers; readonly access: ServerAccess }) {
    this.#ports = ports;
  }

  /**
   * Makes each entry that can be made, one after the other, and reports on all. `dryRun`: only reports. An identifier
   * that is taken is skipped, or with `rename` gets letters after it.
   */
  async import(staff: Staff, request: ImportRequest, signal: AbortSignal): Promise<readonly ImportOutcome[]> {
    const outcomes: ImportOutcome[] = [];
    const taken = new Set<string>();
    for (const entry of readImport(request.document, { mayRepeat: request.rename === true })) {
      const { name } = entry;
      if ("refused" in entry) {
        outcomes.push({ name, outcome: "refused", notes: [entry.refused] });
        continue;
      }
      const key = this.#freeKey(entry.key, taken, request);
      if (key !== undefined) taken.add(key);
      outcomes.push(await this.#one(staff, { ...entry, free: key }, request, signal));
    }
    return outcomes;
  }

  async #one(
    staff: Staff,
    { name, key: wanted, input, notes, free: key }: Readable & { readonly free: string | undefined },
    { dryRun }: ImportRequest,
    signal: AbortSignal,
  ): Promise<ImportOutcome> {
    const settings = {
      name: input.name ?? wanted,
      url: maskedUrl(input.url),
      transport: input.transport,
      headers: Object.keys(input.headers),
    };
    if (key === undefined) {
      const taken = `A server "${wanted}" already exists. Rename this entry, let it be renamed, or delete that server.`;
      return { name, key: wanted, outcome: "skipped", notes: [taken], settings };
    }
    const renamed = key === wanted ? {} : { renamed: true as const };
    const said = key === wanted ? notes : [...notes, `"${wanted}" is taken, so its identifier is "${key}".`];
    const known = { name, key, ...renamed, settings };
    if (dryRun) return { ...known, outcome: "would-create", notes: said };
    try {
      const { server } = await this.#ports.servers.create(staff, { ...input, key }, signal);
      return { ...known, outcome: "created", notes: said, server };
    } catch (error) {
      if (!(error instanceof RequestError || error instanceof InvalidError)) throw error;
      return { ...known, outcome: "refused", notes: [error.message] };
    }
  }

  /** Identifiers have no digits: `orders_b` is the second. */
  #freeKey(wanted: string, taken: ReadonlySet<string>, { rename = false }: ImportRequest): string | undefined {
    const isFree = (key: string): boolean => this.#ports.directory.get(key) === undefined && !taken.has(key);
    if (isFree(wanted)) return wanted;
    if (!rename) return undefined;
    const letters = Array.from({ length: MOST_NAMES - 1 }, (_, at) => String.fromCharCode(98 + at));
    return letters.map((letter) => `${wanted.slice(0, 38)}_${letter}`).find(isFree);
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
