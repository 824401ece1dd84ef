/** The assistants that are made over the API, beside those of the configuration file. */
import { RequestError } from "../../../protocol/errors.ts";
import { checkBudget, checkModel } from "../../configuration/cross-checks.ts";
import type { Assistant, ModelSettings } from "../../conversation/ports/assistant.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { ConversationCounter, StaffDirectory } from "./assistant-ports.ts";
import { givesKey, openKey, refuseKeyElsewhere, takesKeyAway } from "./assistant-key.ts";
import {
  type AssistantCreation,
  type AssistantPatch,
  type AssistantSettings,
  assistantSettingsSchema,
  changedSettings,
  mayEdit,
  maySee,
  type Owner,
} from "./assistant-record.ts";
import { assistantView, type AssistantView, declaredView } from "./assistant-view.ts";
import { ownerName, searchText } from "../../documents/listed-by.ts";
import { type FreeKey, freeKey } from "./reserved-keys.ts";
import { StoredDrafts } from "./stored-drafts.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { parseOrInvalid, pointerTo } from "../../documents/merge-patch.ts";
import { DocumentConflictError } from "../../documents/ports.ts";
import {
  type Beginning,
  type Publishing,
  type StoredAssistant,
  StoredAssistants,
  type StoredAssistantsPorts,
} from "./stored-assistants.ts";

export interface AssistantRegistryPorts extends StoredAssistantsPorts {
  readonly people: StaffDirectory;
  readonly conversations: ConversationCounter;
  /** What the configuration file declares. */
  readonly declared: readonly Assistant[];
}

export interface AssistantsPage {
  readonly limit: number;
  readonly after?: string;
  readonly q?: string;
}

export interface Versioned<Value> {
  readonly value: Value;
  /** Undefined for what the configuration file declares. */
  readonly version: number | undefined;
}

/**
 * Admins see and change every assistant, owners those that they made; support reads all. Everybody may read the
 * assistants of the file, and nobody can change them here.
 */
export class AssistantRegistry {
  readonly #ports: AssistantRegistryPorts;
  readonly #stored: StoredAssistants;
  readonly #drafts: StoredDrafts;
  readonly #declared: ReadonlyMap<string, Assistant>;

  constructor(ports: AssistantRegistryPorts) {
    this.#ports = ports;
    this.#stored = new StoredAssistants(ports);
    this.#drafts = new StoredDrafts(ports);
    this.#declared = new Map(ports.declared.map((assistant) => [assistant.key, assistant]));
  }

  /** By key, after `after`: those of the file, and those that this person may see; `q` is part of a name or key. */
  async list(staff: Staff, options: AssistantsPage): Promise<readonly AssistantView[]> {
    const { limit, after = "", q = "" } = options;
    const isFound = ({ key, name }: Assistant): boolean => searchText(`${key}\n${name}`).includes(searchText(q));
    const declared = [...this.#declared.values()]
      .filter((assistant) => assistant.key > after && isFound(assistant))
      .toSorted((left, right) => (left.key < right.key ? -1 : 1))
      .slice(0, limit);
    const stored = await this.#page(staff, { limit, after, q });
    const keys = stored.map(({ key }) => key);
    const [connectors, drafts] = await Promise.all([this.#connectorsOf(keys), this.#drafts.among(keys)]);
    const views = [
      ...declared.map(declaredView),
      ...stored.map((one) => assistantView(one, { connectors: connectors.get(one.key) ?? [], hasDraft: drafts.has(one.key) })),
    ];
    return views.toSorted((left, right) => (left.key < right.key ? -1 : 1)).slice(0, limit);
  }

  /** Throws `RequestError` `not-found`. */
  async get(staff: Staff, key: string): Promise<Versioned<AssistantView>> {
    const declared = this.#declared.get(key);
    if (declared !== undefined) return { value: declaredView(declared), version: undefined };
    const found = await this.#find(staff, key);
    return this.view(found);
  }

  /** Throws `RequestError` `not-found` for one that this person may not see. */
  async checkVisible(staff: Staff, key: string): Promise<void> {
    if (!this.#declared.has(key)) await this.#find(staff, key);
  }

  /** Throws `RequestError` `already-exists`, or `InvalidError`. */
  async create(
    staff: Staff,
    { key, reuseKey, ...settings }: AssistantCreation,
    beside: Pick<Beginning, "action" | "changes" | "audit"> = { action: "assistant.create", changes: [], audit: [] },
  ): Promise<Versioned<AssistantView>> {
    const { lastVersion, changes } = await this.#free(staff, key, reuseKey === true);
    checkSettings(settings);
    const owner: Owner = { kind: staff.kind, id: staff.id, name: staff.name };
    const by = actorOf(staff);
    return this.view(
      await this.#stored.create(key, { owner, settings }, { ...beside, by, lastVersion, changes: [...changes, ...beside.changes] }),
    );
  }

  /**
   * Throws `RequestError` `not-found`, `read-only` or `forbidden`, `DocumentConflictError`, or `InvalidError`. A model
   * that moves to another provider or address needs its key again; otherwise whoever may change the address could read
   * the key.
   */
  async update(staff: Staff, key: string, patch: AssistantPatch, ifVersion: number | undefined): Promise<Versioned<AssistantView>> {
    const found = await this.editable(staff, key);
    if (ifVersion !== undefined && ifVersion !== found.version) throw new DocumentConflictError("changed", "assistant", key);
    const settings = parseOrInvalid(assistantSettingsSchema, changedSettings(this.opened(found), patch));
    refuseKeyElsewhere(found.settings, settings, patch);
    checkSettings(settings);
    const owner = typeof patch["owner"] === "string" ? await this.#newOwner(staff, patch["owner"]) : found.owner;
    const keyReplaced = givesKey(patch) || (takesKeyAway(patch) && found.settings.model.apiKey !== undefined);
    return this.publish(found, { owner, settings }, { action: "assistant.update", by: actorOf(staff), keyReplaced });
  }

  /** Throws `InvalidError`, or `DocumentConflictError`. */
  async publish(
    found: StoredAssistant,
    after: Pick<StoredAssistant, "owner" | "settings">,
    publishing: Publishing,
  ): Promise<Versioned<AssistantView>> {
    checkSettings(after.settings);
    return this.view(await this.#stored.replace(found, after, publishing));
  }

  /** As staff see it now. */
  async view(found: StoredAssistant): Promise<Versioned<AssistantView>> {
    const [connectors, { draft }] = await Promise.all([this.#connectorsOf([found.key]), this.#drafts.get(found)]);
    const shown = { connectors: connectors.get(found.key) ?? [], hasDraft: draft !== undefined };
    return { value: assistantView(found, shown), version: found.version };
  }

  /** What would be deleted with it, or be left behind. Throws what `editable` throws. */
  async deletion(staff: Staff, key: string) {
    const found = await this.editable(staff, key);
    const { conversations, clock } = this.#ports;
    const [{ lastAt, ...counts }, { value }] = await Promise.all([conversations.countConversations(key, clock.now()), this.view(found)]);
    const { name, connectors, hasDraft, allowedOrigins } = value;
    const more = {
      ...(lastAt === undefined ? {} : { lastSeen: lastAt }),
      ...(value.retention?.conversationDays === undefined ? {} : { conversationDays: value.retention.conversationDays }),
    };
    return { value: { key, name, connectors, hasDraft, allowedOrigins, conversations: counts, ...more }, version: found.version };
  }

  /**
   * Deletes it with its connectors, versions and draft, and reserves its key. Conversations stay; whoever writes in one
   * learns that the assistant is gone.
   */
  async remove(staff: Staff, key: string, ifVersion: number | undefined): Promise<void> {
    const found = await this.editable(staff, key);
    await this.#stored.delete(found, ifVersion ?? found.version, actorOf(staff));
  }

  /** One that this person may change. Throws `RequestError` `not-found`, `read-only` or `forbidden`. */
  async editable(staff: Staff, key: string): Promise<StoredAssistant> {
    if (this.#declared.has(key)) throw new RequestError("read-only", { detail: `The assistant ${key} is in the configuration file.` });
    const found = await this.#find(staff, key);
    if (!mayEdit(staff, found)) throw new RequestError("forbidden", { detail: `The assistant ${key} belongs to ${found.owner.name}.` });
    return found;
  }

  /** Whoever may change it may test it; the file's are the admins'. Throws `RequestError` `not-found` or `forbidden`. */
  checkTestable(staff: Staff, key: string): Promise<void> {
    return this.#checkKept(staff, key, "test it");
  }

  /** The same for what is kept beside it and never in the file. */
  checkManaged(staff: Staff, key: string): Promise<void> {
    return this.#checkKept(staff, key, "may do this");
  }

  async #checkKept(staff: Staff, key: string, doing: string): Promise<void> {
    if (!this.#declared.has(key)) return void (await this.editable(staff, key));
    if (staff.roles.includes("admin")) return;
    throw new RequestError("forbidden", { detail: `The assistant ${key} is in the configuration file, so only admins ${doing}.` });
  }

  /** The model of one that this person may test, with its key. Throws what `checkTestable` throws. */
  async modelToTest(staff: Staff, key: string): Promise<ModelSettings> {
    await this.checkTestable(staff, key);
    return this.#declared.get(key)?.model ?? this.opened(await this.editable(staff, key)).model;
  }

  /** One that this person may see, of those made here. Throws `RequestError` `not-found`. */
  async visible(staff: Staff, key: string): Promise<StoredAssistant> {
    return this.#find(staff, key);
  }

  isDeclared(key: string): boolean {
    return this.#declared.has(key);
  }

  declared(): readonly Assistant[] {
    return this.#ports.declared;
  }

  /** All assistants that were made over the API. One that cannot be read is left out and logged. */
  async stored(): Promise<readonly StoredAssistant[]> {
    return this.#stored.all();
  }

  /** In the form that conversations need: with the model's key. */
  opened({ key, settings }: StoredAssistant): AssistantSettings {
    return openKey(key, settings, this.#ports);
  }

  async #free(staff: Staff, key: string, reuse: boolean): Promise<FreeKey> {
    if (this.#declared.has(key))
      throw new RequestError("already-exists", { detail: `The configuration file declares the assistant ${key}.` });
    if ((await this.#stored.get(key)) !== undefined) throw new DocumentConflictError("exists", "assistant", key);
    return freeKey(staff, { key, reuse }, this.#ports);
  }

  async #find(staff: Staff, key: string): Promise<StoredAssistant> {
    const found = await this.#stored.get(key);
    if (found === undefined || !maySee(staff, found)) throw new RequestError("not-found", { detail: `There is no assistant ${key}.` });
    return found;
  }

  /** So many that this person may see, without those that the file has taken over. */
  async #page(staff: Staff, { limit, after, q }: { limit: number; after: string; q: string }): Promise<readonly StoredAssistant[]> {
    const owner = seesAll(staff) ? {} : { owner: ownerName(staff) };
    const found: StoredAssistant[] = [];
    for (let from: string | undefined = after; from !== undefined && found.length < limit;) {
      const page: Awaited<ReturnType<StoredAssistants["page"]>> = await this.#stored.page({ ...owner, q, after: from, limit });
      found.push(...page.found.filter(({ key }) => !this.#declared.has(key)));
      from = page.next;
    }
    return found.slice(0, limit);
  }

  async #connectorsOf(keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const { documents, clock } = this.#ports;
    const servers = new Map<string, string[]>();
    for (const id of await documents.listIds("connector", { parents: keys, now: clock.now() })) {
      const [assistant = "", server = ""] = id.split("/");
      const known = servers.get(assistant);
      if (known === undefined) servers.set(assistant, [server]);
      else known.push(server);
    }
    return servers;
  }

  async #newOwner(staff: Staff, id: string): Promise<Owner> {
    if (!staff.roles.includes("admin"))
      throw new RequestError("forbidden", { detail: "Only an admin can give an assistant to another person." });
    const person = await this.#ports.people.find(id);
    if (person === undefined)
      throw new InvalidError([{ path: "/owner", message: "There is no such person, or they are disabled.", code: "no-such-person" }]);
    return { kind: "person", id: person.id, name: person.name };
  }
}

/** The file's assistants are everybody's to see. */
function seesAll({ roles }: Staff): boolean {
  return roles.includes("support") || roles.includes("admin");
}

/** Checks rules between fields. Throws `InvalidError`. */
export function checkSettings(settings: AssistantSettings): void {
  const faults = [...checkModel(["model"], settings.model), ...checkBudget([], settings)];
  if (faults.length > 0)
    throw new InvalidError(faults.map(({ path, message, ...coded }) => ({ path: pointerTo(path), message: `${message}.`, ...coded })));
}
