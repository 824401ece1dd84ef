import { RequestError } from "../../../protocol/errors.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { mayEdit } from "./assistant-record.ts";
import type { AssistantRegistry } from "./assistants.ts";

/** What an assistant's health is found of. `connectors` are there if the configuration file declares it. */
export type WatchedAssistant = Pick<Assistant, "key" | "name" | "model" | "allowedOrigins" | "retention"> &
  Partial<Pick<Assistant, "connectors">>;

/** Whose health somebody sees: admins see all, owners their own; the file's are the admins'. */
export class WatchedAssistants {
  readonly #assistants: AssistantRegistry;

  constructor(assistants: AssistantRegistry) {
    this.#assistants = assistants;
  }

  /** Throws `RequestError` `not-found` or `forbidden`. */
  async find(staff: Staff, key: string): Promise<WatchedAssistant> {
    const declared = this.#assistants.declared().find((one) => one.key === key);
    if (declared === undefined) {
      const found = await this.#assistants.visible(staff, key);
      if (mayEdit(staff, found)) return { key, ...this.#assistants.opened(found) };
      throw new RequestError("forbidden", { detail: `The assistant ${key} belongs to ${found.owner.name}.` });
    }
    if (staff.roles.includes("admin")) return declared;
    throw new RequestError("forbidden", { detail: `The assistant ${key} is in the configuration file, so only admins see how it is.` });
  }

  /** Those of these that there are and whose health one may see, by key. */
  async some(staff: Staff, keys: readonly string[]): Promise<readonly WatchedAssistant[]> {
    const found = await Promise.all([...new Set(keys)].toSorted().map((key) => this.find(staff, key).catch(unlessRefused)));
    return found.filter((one) => one !== undefined);
  }

  /** By key. */
  async all(staff: Staff): Promise<readonly WatchedAssistant[]> {
    const assistants = this.#assistants;
    const stored = (await assistants.stored()).filter((one) => mayEdit(staff, one) && !assistants.isDeclared(one.key));
    const declared = staff.roles.includes("admin") ? assistants.declared() : [];
    const watched: WatchedAssistant[] = [...declared, ...stored.map((one) => ({ key: one.key, ...assistants.opened(one) }))];
    return watched.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  }
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof RequestError)) throw error;
}
