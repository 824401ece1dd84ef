/** Drafts: changes of an assistant that no customer is answered by, until they are published. */
import { RequestError } from "../../../protocol/errors.ts";
import { parseOrInvalid } from "../../documents/merge-patch.ts";
import { type DocumentChange, DocumentConflictError } from "../../documents/ports.ts";
import { OutdatedError } from "../../foundation/outdated-error.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { givesKey, isSameAddress, refuseKeyElsewhere, takesKeyAway, withKey } from "./assistant-key.ts";
import { type AssistantPatch, type AssistantSettings, assistantSettingsSchema, changedSettings } from "./assistant-record.ts";
import { absentDraftView, changedKey, draftView, type DraftView } from "./assistant-draft-view.ts";
import { keepSettings, StoredVersions } from "./assistant-versions.ts";
import type { AssistantView } from "./assistant-view.ts";
import { type AssistantRegistry, checkSettings, type Versioned } from "./assistants.ts";
import { changedFields, differingPaths, KEY_PATH, rebased, type ThreeSettings, withoutKey } from "./settings-difference.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import { type Draft, type StoredDraft, StoredDrafts, type StoredDraftsPorts } from "./stored-drafts.ts";
import { shownSettings } from "./assistant-view.ts";
import type { StoredAssistant } from "./stored-assistants.ts";

export interface AssistantDraftsPorts extends StoredDraftsPorts {
  readonly assistants: AssistantRegistry;
}

interface Found {
  readonly assistant: StoredAssistant;
  readonly stored: StoredDraft;
}

/** A turn in a preview may wait for a person for so long; then it goes on with the settings that it began with. */
const LONGEST_TURN_MS = 31 * 24 * 60 * 60_000;

/** Whoever may change an assistant may change its draft. There is one, which all of them share. */
export class AssistantDrafts {
  readonly #ports: AssistantDraftsPorts;
  readonly #stored: StoredDrafts;
  readonly #versions: StoredVersions;

  constructor(ports: AssistantDraftsPorts) {
    this.#ports = ports;
    this.#stored = new StoredDrafts(ports);
    this.#versions = new StoredVersions(ports);
  }

  /** Throws `RequestError` `not-found`, `read-only` or `forbidden`, as all of these do. */
  async get(staff: Staff, key: string): Promise<Versioned<DraftView>> {
    return this.#view(await this.#find(staff, key));
  }

  /**
   * A draft begins with the first patch that changes something, and ends with one that takes it back to what is
   * published. Throws `DocumentConflictError`, or `InvalidError`: a model that moves to another provider or address
   * needs its key again.
   */
  async update(staff: Staff, key: string, patch: AssistantPatch, ifVersion: number | undefined): Promise<Versioned<DraftView>> {
    const found = await this.#find(staff, key, ifVersion);
    const before = this.#opened(found);
    const settings = parseOrInvalid(assistantSettingsSchema, changedSettings(before, patch));
    refuseKeyElsewhere(before, settings, patch);
    checkSettings(settings);
    const present = found.stored.draft?.key ?? "kept";
    const choice = givesKey(patch) ? "own" : takesKeyAway(patch) && before.model.apiKey !== undefined ? "none" : present;
    const isSame = differingPaths(withoutKey(before), withoutKey(settings)).length === 0 && choice === present && !givesKey(patch);
    if (isSame) return this.#view(found);
    const basedOn = found.stored.draft?.basedOn ?? found.assistant.number;
    return this.#change(staff, found, { settings, key: choice, basedOn });
  }

  /** What is published is the draft again. Throws `DocumentConflictError`. */
  async discard(staff: Staff, key: string, ifVersion: number | undefined): Promise<void> {
    const found = await this.#find(staff, key, ifVersion);
    if (found.stored.draft !== undefined) await this.#write(staff, found, undefined);
  }

  /**
   * Puts a draft that was overtaken on the published version: what only one side changed is as that side has it; of what
   * both changed, `take` names the fields that become the published ones. Throws `DocumentConflictError`, or
   * `InvalidError`.
   */
  async rebase(staff: Staff, key: string, take: readonly string[], ifVersion: number | undefined): Promise<Versioned<DraftView>> {
    const found = await this.#find(staff, key, ifVersion);
    const { assistant } = found;
    const draft = existing(found);
    const settings = parseOrInvalid(assistantSettingsSchema, rebased(await this.#three(found, draft), new Set(take)));
    const choice = take.includes(KEY_PATH) ? "kept" : draft.key;
    // A key of the draft's own was given for the address that the draft had.
    if (choice === "own" && !isSameAddress(settings, draft.settings))
      throw new InvalidError([
        { path: "/take", message: `The draft's key would go to another provider or address: take ${KEY_PATH} as well.` },
      ]);
    const own = choice === "own" ? this.#opened(found).model.apiKey : undefined;
    return this.#change(staff, found, { settings: withKey(settings, own), key: choice, basedOn: assistant.number });
  }

  /**
   * Publishes the draft as a new version. Throws `OutdatedError` with the fields that both sides changed, if something
   * was published since it was begun; `DocumentConflictError`, or `InvalidError`.
   */
  async publish(staff: Staff, key: string, note: string | undefined, ifVersion: number | undefined): Promise<Versioned<AssistantView>> {
    const found = await this.#find(staff, key, ifVersion);
    const { assistant, stored } = found;
    const draft = existing(found);
    if (draft.basedOn !== assistant.number) await this.#refuseOvertaken(found, draft);
    const published = this.#ports.assistants.opened(assistant);
    const settings = this.#stored.opened(key, draft, published);
    if (draft.key === "kept" && published.model.apiKey !== undefined && settings.model.apiKey === undefined)
      throw new InvalidError([
        { path: KEY_PATH, message: "Give the draft a key (or null): the published one is for another address.", code: "key-again" },
      ]);
    const changes = [this.#stored.change(key, stored, undefined), ...(await this.#keptForPreviews(found))];
    const { owner } = assistant;
    const publishing = { action: "assistant.publish", by: actorOf(staff), keyReplaced: draft.key !== "kept", note, changes } as const;
    return this.#ports.assistants.publish(assistant, { owner, settings }, publishing);
  }

  async #find(staff: Staff, key: string, ifVersion?: number): Promise<Found> {
    const assistant = await this.#ports.assistants.editable(staff, key);
    const stored = await this.#stored.get(assistant);
    if (ifVersion !== undefined && ifVersion !== stored.tag) throw new DocumentConflictError("changed", "assistant-draft", key);
    return { assistant, stored };
  }

  /** The draft's settings, or the published ones, with the key. */
  #opened({ assistant, stored }: Found): AssistantSettings {
    const published = this.#ports.assistants.opened(assistant);
    return stored.draft === undefined ? published : this.#stored.opened(assistant.key, stored.draft, published);
  }

  async #view(found: Found): Promise<Versioned<DraftView>> {
    const { assistant, stored } = found;
    if (stored.draft === undefined) return { value: absentDraftView(assistant), version: stored.tag };
    const three = await this.#three(found, stored.draft);
    return { value: draftView(assistant, stored.draft, { opened: this.#opened(found), three }), version: stored.tag };
  }

  async #three({ assistant }: Found, draft: Draft): Promise<ThreeSettings> {
    const published = withoutKey(assistant.settings);
    const base =
      draft.basedOn === assistant.number ? published : (await this.#versions.settings(assistant.key, { version: draft.basedOn }))?.settings;
    return { base: base ?? published, draft: withoutKey(draft.settings), published };
  }

  async #refuseOvertaken(found: Found, draft: Draft): Promise<never> {
    const { number } = found.assistant;
    const both = changedFields(await this.#three(found, draft)).flatMap(({ path, changed }) => (changed === "both" ? [path] : []));
    if (changedKey(found.assistant, draft) === "both") both.push(KEY_PATH);
    throw new OutdatedError(
      `Version ${number} was published since the draft was begun on version ${draft.basedOn}. Rebase the draft first; both changed what is in errors.`,
      both.map((path) => ({ path, message: `The draft and version ${number} both changed this.` })),
    );
  }

  async #change(staff: Staff, found: Found, after: Pick<Draft, "settings" | "key" | "basedOn">): Promise<Versioned<DraftView>> {
    const { assistant } = found;
    const isPublished =
      after.key === "kept" &&
      after.basedOn === assistant.number &&
      differingPaths(withoutKey(after.settings), withoutKey(assistant.settings)).length === 0;
    const { clock } = this.#ports;
    const by = { id: clock.id(), changedAt: clock.now(), changedBy: actorOf(staff) as Draft["changedBy"] };
    await this.#write(staff, found, isPublished ? undefined : { ...after, ...by });
    return this.#view({ assistant, stored: await this.#stored.get(assistant) });
  }

  async #write(staff: Staff, found: Found, draft: Draft | undefined): Promise<void> {
    const { assistant, stored } = found;
    const { key } = assistant;
    await this.#stored.write([this.#stored.change(key, stored, draft), ...(await this.#keptForPreviews(found))], {
      by: actorOf(staff),
      action: draft === undefined ? "assistant-draft.discard" : "assistant-draft.update",
      target: { kind: "assistant", id: key },
      ...(stored.draft === undefined ? {} : { before: audited(stored.draft) }),
      ...(draft === undefined ? {} : { after: audited(draft) }),
    });
  }

  /** A turn that waits in a preview goes on with the settings that it began with. */
  async #keptForPreviews({ assistant: { key }, stored: { draft } }: Found): Promise<DocumentChange[]> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    if (draft === undefined || (await documents.list("assistant-preview", { parent: key, limit: 1, now })).length === 0) return [];
    return [keepSettings(key, { draft: draft.id }, { settings: draft.settings, expiresAt: now + LONGEST_TURN_MS })];
  }
}

function existing({ assistant, stored }: Found): Draft {
  if (stored.draft === undefined) throw new RequestError("not-found", { detail: `The assistant ${assistant.key} has no draft.` });
  return stored.draft;
}

function audited({ settings, key, basedOn }: Draft): Readonly<Record<string, unknown>> {
  return { basedOn, ...shownSettings(settings), apiKey: key };
}
