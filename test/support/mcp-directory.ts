import type {
  Authorizations,
  ConnectionOwner,
  PinVerdict,
  RememberedTools,
  ServerDirectory,
  ServerEntry,
} from "../../server/tools/mcp/servers/ports.ts";
import { serverSettings, type WrittenServer } from "./static-directory.ts";
import type { ToolDefinition } from "../../server/tools/definitions/tool-definition.ts";

/** A directory that tests change while conversations run. */
export class MovingDirectory implements ServerDirectory {
  readonly entries = new Map<string, ServerEntry>();
  readonly verdicts = new Map<string, PinVerdict>();
  readonly known = new Map<string, readonly ToolDefinition[]>();
  /** The first list of each program: what is accepted. */
  readonly learned = new Map<string, readonly ToolDefinition[]>();
  readonly observed: { readonly key: string; readonly tools: readonly string[] }[] = [];
  readonly seen: (string | undefined)[] = [];

  constructor(servers: readonly WrittenServer[]) {
    for (const settings of servers) this.set(settings);
  }

  set(settings: WrittenServer, more: Partial<ServerEntry> = {}): void {
    this.entries.set(settings.key, { settings: serverSettings(settings), revision: "0", ...more });
  }

  find(key: string): ServerEntry | undefined {
    return this.entries.get(key);
  }

  observe(key: string, tools: readonly ToolDefinition[]): ReadonlyMap<string, PinVerdict> {
    this.observed.push({ key, tools: tools.map(({ tool }) => tool) });
    return this.#verdictsOf(tools);
  }

  pinned(key: string): readonly ToolDefinition[] {
    return this.known.get(key) ?? [];
  }

  remembered(key: string): RememberedTools | undefined {
    const tools = this.learned.get(key);
    return tools === undefined ? undefined : { tools, verdicts: this.#verdictsOf(tools) };
  }

  learnt(key: string, tools: readonly ToolDefinition[]): void {
    if (!this.learned.has(key)) this.learned.set(key, tools);
  }

  #verdictsOf(tools: readonly ToolDefinition[]): ReadonlyMap<string, PinVerdict> {
    return new Map(tools.map(({ tool }) => [tool, this.verdicts.get(tool) ?? { use: "offered" }]));
  }

  saw(_key: string, fault: { readonly message: string } | undefined): void {
    this.seen.push(fault?.message);
  }
}

/** Sign-ins that tests make and end by hand; a refused token is renewed once where `renewals` has another one. */
export class HandSignIns implements Authorizations {
  readonly tokens = new Map<string, string>();
  readonly renewals = new Map<string, string>();
  readonly refusals: { readonly owner: string; readonly status: number; readonly challenge: string | undefined; readonly token: string }[] =
    [];

  async token(server: string, owner: ConnectionOwner): ReturnType<Authorizations["token"]> {
    const token = this.tokens.get(nameOf(owner));
    return token === undefined ? { need: { server, serverName: "as kept", scopes: ["read"], reason: "first" } } : { token };
  }

  async refused(
    server: string,
    owner: ConnectionOwner,
    refusal: { status: 401 | 403; challenge: string | undefined; token: string },
  ): ReturnType<Authorizations["refused"]> {
    this.refusals.push({ owner: nameOf(owner), ...refusal });
    const renewed = this.renewals.get(nameOf(owner));
    this.renewals.delete(nameOf(owner));
    if (renewed === undefined) {
      this.tokens.delete(nameOf(owner));
      return { need: { server, serverName: "as kept", scopes: ["read", "write"], reason: refusal.status === 403 ? "scope" : "expired" } };
    }
    this.tokens.set(nameOf(owner), renewed);
    return { token: renewed };
  }
}

export function nameOf(owner: ConnectionOwner): string {
  return owner.kind === "shared" ? "shared" : owner.id;
}
