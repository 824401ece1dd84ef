/** The endpoints that owners define by hand. */
import { RequestError } from "../../../protocol/errors.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { HTTP_SERVER } from "../../tools/http/definition.ts";
import type { TryHttpTool } from "../../tools/http/try-http-tool.ts";
import { parseUrlTemplate } from "../../tools/http/url-template.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { httpToolFaults } from "./http-tool-faults.ts";
import { changedRecord, type HttpToolInput, type HttpToolPatch, type HttpToolRecord, httpToolRecordSchema } from "./http-tool-record.ts";
import {
  type HttpToolTest,
  httpToolTestSchema,
  type HttpToolTrial,
  httpToolTrialSchema,
  type HttpToolView,
  httpToolView,
  shownRecord,
} from "./http-tool-view.ts";
import type { CallList } from "../../inbox/calls.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { pointerTo } from "../../documents/merge-patch.ts";
import { type AuditDraft, DocumentConflictError } from "../../documents/ports.ts";
import { type StoredHttpTool, StoredHttpTools, type StoredHttpToolsPorts } from "./stored-http-tools.ts";

export interface HttpToolRegistryPorts extends StoredHttpToolsPorts {
  readonly calls: Pick<CallList, "recordTest">;
  readonly tryTool: TryHttpTool;
  /** All HTTP tools are shared together, as the server `http`. */
  readonly sharing: {
    allows(staff: Staff, resource: { readonly kind: "mcp-server"; readonly id: string }, level: "use" | "manage"): Promise<boolean>;
  };
}

export interface VersionedHttpTool {
  readonly value: HttpToolView;
  readonly version: number;
}

/** What people do with HTTP tools. People who may not use them get the answer that there are none. */
export class HttpToolRegistry {
  readonly #ports: HttpToolRegistryPorts;
  /** As conversations and assistants use them. */
  readonly stored: StoredHttpTools;

  constructor(ports: HttpToolRegistryPorts) {
    this.#ports = ports;
    this.stored = new StoredHttpTools(ports);
  }

  /** By name, after `after`; `q` is part of a name or title. */
  async views(
    staff: Staff,
    options: { readonly limit: number; readonly after?: string; readonly q?: string },
  ): Promise<readonly HttpToolView[]> {
    if (!(await this.#allows(staff, "use"))) return [];
    const { limit, after = "", ...rest } = options;
    const views: HttpToolView[] = [];
    for (let from: string | undefined = after; from !== undefined && views.length < limit;) {
      const page: Awaited<ReturnType<StoredHttpTools["page"]>> = await this.stored.page({ ...rest, after: from, limit });
      for (const one of page.found) if ("record" in one) views.push(httpToolView(one.document.id, one.record, one.document));
      from = page.next;
    }
    return views.slice(0, limit);
  }

  /** Throws `RequestError` `not-found`. */
  async view(staff: Staff, name: string): Promise<VersionedHttpTool> {
    const { record, document } = await this.#usable(staff, name);
    return { value: httpToolView(name, record, document), version: document.version };
  }

  /** Throws `RequestError` `already-exists`, or `InvalidError`. */
  async create(staff: Staff, { name, ...fields }: HttpToolInput): Promise<VersionedHttpTool> {
    const record = httpToolRecordSchema.parse(fields);
    await refuseFaults(record);
    const created = { ...audit(staff, "create", name), after: shownRecord(record) };
    await this.stored.write(name, record, { do: "create" }, created).catch((cause: unknown) => {
      if (cause instanceof DocumentConflictError && cause.reason === "exists")
        throw new RequestError("already-exists", { detail: `An HTTP tool "${name}" already exists.` });
      throw cause;
    });
    return this.view(staff, name);
  }

  /**
   * Throws `RequestError` `not-found` or `forbidden`, `DocumentConflictError`, or `InvalidError`. A tool that moves to
   * another origin needs its headers again; otherwise whoever may change the address could read them.
   */
  async update(staff: Staff, name: string, patch: HttpToolPatch, ifVersion: number): Promise<VersionedHttpTool> {
    const { record, document } = await this.#manageable(staff, name);
    if (document.version !== ifVersion) throw new DocumentConflictError("changed", "http-tool", name);
    const open = this.stored.opened(name, record);
    const changed = changedRecord(open, patch);
    await refuseFaults(changed);
    refuseHeadersElsewhere(open, changed, patch);
    const replaced = Object.keys(patch.headers ?? {});
    await this.stored.write(
      name,
      changed,
      { do: "replace", ifVersion },
      {
        ...audit(staff, "update", name),
        before: shownRecord(record),
        after: { ...shownRecord(changed), ...(replaced.length === 0 ? {} : { headersReplaced: replaced }) },
      },
    );
    return this.view(staff, name);
  }

  /**
   * Conversations that have it learn of this at their next call. Even one that cannot be read can be removed. Throws
   * what `update` throws.
   */
  async remove(staff: Staff, name: string, ifVersion: number): Promise<void> {
    const found = await this.stored.get(name);
    if (found === undefined || !("unusable" in found)) await this.#manageable(staff, name);
    else if (!(await this.#allows(staff, "manage"))) throw noTool(name);
    const before = found !== undefined && "record" in found ? { before: shownRecord(found.record) } : {};
    await this.stored.delete(name, ifVersion, { ...audit(staff, "delete", name), ...before });
  }

  /**
   * Calls the tool, and records the call as this person's test. A failure is a result, not an error. Throws
   * `RequestError` `not-found`.
   */
  async test(staff: Staff, name: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<HttpToolTest> {
    return httpToolTestSchema.parse(await this.#call(staff, { name, given, action: "call" }, signal));
  }

  /**
   * The same with the times and what went over the wire. Throws what `test` throws, and `InvalidError` with the place of
   * each argument that does not fit.
   */
  async try(staff: Staff, name: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<HttpToolTrial> {
    const tried = await this.#call(staff, { name, given, action: "try" }, signal);
    return httpToolTrialSchema.parse(tried);
  }

  async #call(
    staff: Staff,
    { name, given, action }: { readonly name: string; readonly given: Readonly<Record<string, unknown>>; readonly action: "call" | "try" },
    signal: AbortSignal,
  ): Promise<object> {
    const { record } = await this.#usable(staff, name);
    const { calls, clock, tryTool } = this.#ports;
    const definition = this.stored.definition(name, record);
    if ("unusable" in definition) throw new RequestError("server-unusable", { detail: definition.unusable });
    const callId = clock.id();
    const startedAt = clock.now();
    const result = await tryTool(definition, { arguments: given, callId, signal });
    if (action === "try" && "unfit" in result) throw new InvalidError(result.unfit);
    const durationMs = clock.now() - startedAt;
    const { outcome, cause } = result;
    const test = {
      callId,
      at: startedAt,
      person: staff.id,
      personName: staff.name,
      server: HTTP_SERVER,
      tool: name,
      arguments: given,
      outcome,
      startedAt,
      endedAt: startedAt + durationMs,
      durationMs,
      ...(outcome === "refused" ? { refusal: "invalid-arguments" } : {}),
      ...(cause === undefined ? {} : { cause }),
    };
    await calls.recordTest(test, [{ ...audit(staff, action, name), after: { callId, outcome } }]);
    return { content: [], ...result, callId, startedAt, durationMs };
  }

  async #allows(staff: Staff, level: "use" | "manage"): Promise<boolean> {
    return this.#ports.sharing.allows(staff, { kind: "mcp-server", id: HTTP_SERVER }, level);
  }

  async #usable(staff: Staff, name: string): Promise<StoredHttpTool> {
    const found = (await this.#allows(staff, "use")) ? await this.stored.get(name) : undefined;
    if (found === undefined) throw noTool(name);
    if ("unusable" in found) throw new RequestError("server-unusable", { detail: found.unusable });
    return found;
  }

  async #manageable(staff: Staff, name: string): Promise<StoredHttpTool> {
    const found = await this.#usable(staff, name);
    if (!(await this.#allows(staff, "manage")))
      throw new RequestError("forbidden", { detail: "You may use the HTTP tools, but not change them." });
    return found;
  }
}

/** Throws `InvalidError`. */
async function refuseFaults(record: HttpToolRecord): Promise<void> {
  const faults = await httpToolFaults(record);
  if (faults.length > 0) throw new InvalidError(faults);
}

/** Throws `InvalidError`. */
function refuseHeadersElsewhere(before: HttpToolRecord, after: HttpToolRecord, patch: HttpToolPatch): void {
  if (parseUrlTemplate(before.url).origin === parseUrlTemplate(after.url).origin) return;
  const given = new Set(Object.keys(patch.headers ?? {}).map((name) => name.toLowerCase()));
  const kept = Object.keys(after.headers).filter((name) => !given.has(name.toLowerCase()));
  if (kept.length > 0)
    throw new InvalidError(
      kept.map((name) => ({
        path: pointerTo(["headers", name]),
        message: "The address now has another origin. Send this header again, or null to remove it.",
        code: "secret-again",
      })),
    );
}

function noTool(name: string): RequestError {
  return new RequestError("not-found", { detail: `There is no HTTP tool "${name}".` });
}

function audit(staff: Staff, action: string, name: string): AuditDraft {
  return { by: actorOf(staff), action: `http-tool.${action}`, target: { kind: "http-tool", id: name } };
}
