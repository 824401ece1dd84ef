import { canonicalJson } from "../../foundation/canonical-json.ts";
import type { AssistantSettings } from "./assistant-record.ts";

/** The settings without the model's key, which is kept and compared by itself. */
export type KeylessSettings = AssistantSettings;

/** A field, and who changed it since the version that a draft is based on. `both`: to different values. */
export interface ChangedField {
  /** A JSON pointer into the settings. */
  readonly path: string;
  readonly changed: "draft" | "published" | "both";
}

/** What was changed from two sides, each as its settings without a key. */
export interface ThreeSettings {
  readonly base: KeylessSettings;
  readonly draft: KeylessSettings;
  readonly published: KeylessSettings;
}

export const KEY_PATH = "/model/apiKey";

export function withoutKey(settings: AssistantSettings): KeylessSettings {
  const { apiKey: _apiKey, ...model } = settings.model;
  return { ...settings, model };
}

/** The paths of all fields that differ. A list is one field. */
export function differingPaths(left: unknown, right: unknown, path = ""): string[] {
  if (canonicalJson(left) === canonicalJson(right)) return [];
  if (!isObject(left) || !isObject(right)) return [path];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return names.flatMap((name) => differingPaths(own(left, name), own(right, name), `${path}/${name}`));
}

/** Every field that the draft or the published settings have otherwise than the base. */
export function changedFields({ base, draft, published }: ThreeSettings): ChangedField[] {
  const byDraft = new Set(differingPaths(base, draft));
  const byPublished = new Set(differingPaths(base, published));
  return [...new Set([...byDraft, ...byPublished])].toSorted().map((path) => {
    const isSame = canonicalJson(valueAt(draft, path)) === canonicalJson(valueAt(published, path));
    if (byPublished.has(path)) return { path, changed: byDraft.has(path) && !isSame ? "both" : "published" };
    return { path, changed: "draft" };
  });
}

/** The draft with what was published since, and with the published values of the fields in `take`. */
export function rebased(settings: ThreeSettings, take: ReadonlySet<string>): unknown {
  const fields = changedFields(settings).filter(({ path, changed }) => changed === "published" || (changed === "both" && take.has(path)));
  return fields.reduce<unknown>(
    (merged, { path }) => replacedAt(merged, path.split("/").slice(1), valueAt(settings.published, path)),
    settings.draft,
  );
}

export function valueAt(settings: unknown, path: string): unknown {
  return path
    .split("/")
    .slice(1)
    .reduce<unknown>((value, name) => own(value, name), settings);
}

function replacedAt(value: unknown, [name = "", ...rest]: readonly string[], replacement: unknown): unknown {
  const { [name]: present, ...others } = isObject(value) ? value : {};
  const changed = rest.length === 0 ? replacement : replacedAt(present, rest, replacement);
  return changed === undefined ? others : { ...others, [name]: changed };
}

function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
