/** The assistants that are made over the API, beside those of the configuration file. */
import { RequestError } from "../../../protocol/errors.ts";
import { checkModel } from "../../configuration/cross-checks.ts";
import type { Assistant, ModelSettings } from "../../conversation/ports/assistant.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { StaffDirectory } from "./assistant-ports.ts";
import { givesKey, openKey, refuseKeyElsewhere } from "./assistant-key.ts";
import {
  type AssistantInput,
  type AssistantPatch,
  type AssistantRecord,
  type AssistantSettings,
  assistantSettingsSchema,
  changedSettings,
  type Owner,
} from "./assistant-record.ts";
import { assistantView, type AssistantView, declaredView } from "./assistant-view.ts";
import { ownerName, searchText } from "../../documents/listed-by.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { parseOrInvalid, pointerTo } from "../../documents/merge-patch.ts";
import { DocumentConflictError } from "../../documents/ports.ts";
import { type StoredAssistant, StoredAssistants, type StoredAssistantsPorts } from "./stored-assistants.ts";

export interface AssistantRegistryPorts extends StoredAssistantsPorts {
  readonly people: StaffDirectory;
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

/** What an assistant's health is found of. `connectors` are there if the configuration file declares it. */
export type WatchedAssistant = Pick<Assistant, "key" | "name" | "model" | "allowedOrigins"> & Partial<Pick<Assistant, "connectors">>;

/**
 * Admins see and change every assistant, owners those that they made; support reads all. Everybody may read the
 * assistants of the file, and nobody can change them here.
 */
export class AssistantRegistry {
  readonly #ports: AssistantRegistryPorts;
  readonly #stored: StoredAssistants;
  readonly #declared: ReadonlyMap<string, Assistant>;

  constructor(ports: AssistantRegistryPorts) {
    this.#ports = ports;
    this.#stored = new StoredAssistants(ports);
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
    const connectors = await this.#connectorsOf(stored.map(({ key }) => key));
    const views = [...declared.map(declaredView), ...stored.map((one) => assistantView(one, connectors.get(one.key) ?? []))];
    return views.toSorted((left, right) => (left.key < right.key ? -1 : 1)).slice(0, limit);
  }

  /** Throws `RequestError` `not-found`. */
  async get(staff: Staff, key: string): Promise<Versioned<AssistantView>> {
    const declared = this.#declared.get(key);
    if (declared !== undefined) return { value: declaredView(declared), version: undefined };
    const found = await this.#find(staff, key);
    return { value: assistantView(found, (await this.#connectorsOf([key])).get(key) ?? []), version: found.version };
  }

  /** Throws `RequestError` `not-found` for one that this person may not see. */
  async visible(staff: Staff, key: string): Promise<void> {
    if (!this.#declared.has(key)) await this.#find(staff, key);
  }

  /** Throws `RequestError` `already-exists`, or `InvalidError`. */
  async create(staff: Staff, { key, ...settings }: AssistantInput): Promise<Versioned<AssistantView>> {
    if (this.#declared.has(key))
      throw new RequestError("already-exists", { detail: `The configuration file declares the assistant ${key}.` });
    check(settings);
    const owner: Owner = { kind: staff.kind, id: staff.id, name: staff.name };
    const made = await this.#stored.create(key, { owner, settings }, actorOf(staff));
    return { value: assistantView(made, []), version: made.version };
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
    check(settings);
    const owner = typeof patch["owner"] === "string" ? await this.#newOwner(staff, patch["owner"]) : found.owner;
    const noted = givesKey(patch) ? { apiKeyReplaced: true } : {};
    const changed = await this.#stored.replace(found, { owner, settings }, actorOf(staff), noted);
    return { value: assistantView(changed, (await this.#connectorsOf([key])).get(key) ?? []), version: changed.version };
  }

  /** Deletes it with its connectors. Conversations stay; whoever writes in one learns that the assistant is gone. */
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

  /**
   * The model of one that this person may change, with its key; the file's are the admins'. Throws `RequestError`
   * `not-found` or `forbidden`.
   */
  async modelToTest(staff: Staff, key: string): Promise<ModelSettings> {
    const declared = this.#declared.get(key);
    if (declared === undefined) return this.opened(await this.editable(staff, key)).model;
    if (staff.roles.includes("admin")) return declared.model;
    throw new RequestError("forbidden", { detail: `The assistant ${key} is in the configuration file, so only admins test it.` });
  }

  /**
   * One whose health this person sees: admins see all, owners their own; the file's are the admins'. Throws
   * `RequestError` `not-found` or `forbidden`.
   */
  async watched(staff: Staff, key: string): Promise<WatchedAssistant> {
    const declared = this.#declared.get(key);
    if (declared === undefined) {
      const found = await this.#find(staff, key);
      if (mayEdit(staff, found)) return { key, ...this.opened(found) };
      throw new RequestError("forbidden", { detail: `The assistant ${key} belongs to ${found.owner.name}.` });
    }
    if (staff.roles.includes("admin")) return declared;
    throw new RequestError("forbidden", { detail: `The assistant ${key} is in the configuration file, so only admins see how it is.` });
  }

  /** Every one whose health this person sees, by key. */
  async allWatched(staff: Staff): Promise<readonly WatchedAssistant[]> {
    const stored = (await this.stored()).filter((one) => mayEdit(staff, one) && !this.#declared.has(one.key));
    const declared = staff.roles.includes("admin") ? [...this.#declared.values()] : [];
    const watched: WatchedAssistant[] = [...declared, ...stored.map((one) => ({ key: one.key, ...this.opened(one) }))];
    return watched.toSorted((left, right) => (left.key < right.key ? -1 : 1));
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
    if (person === undefined) throw new InvalidError([{ path: "/owner", message: "There is no such person, or they are disabled." }]);
    return { kind: "person", id: person.id, name: person.name };
  }
}

/** The file's assistants are everybody's to see. */
function seesAll({ roles }: Staff): boolean {
  return roles.includes("support") || roles.includes("admin");
}

function maySee(staff: Staff, assistant: AssistantRecord): boolean {
  return seesAll(staff) || mayEdit(staff, assistant);
}

function mayEdit(staff: Staff, { owner }: AssistantRecord): boolean {
  return staff.roles.includes("admin") || (owner.kind === staff.kind && owner.id === staff.id);
}

/** Checks rules between fields. Throws `InvalidError`. */
function check(settings: AssistantSettings): void {
  const faults = checkModel(["model"], settings.model);
  if (faults.length > 0) throw new InvalidError(faults.map(({ path, message }) => ({ path: pointerTo(path), message: `${message}.` })));
}
