import type { Clock } from "../../foundation/clock.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Staff } from "./actions.ts";
import { personBody } from "./person-record.ts";

/**
 * A person with their present rights, for what they set up earlier. Undefined: there is no such person, or they are
 * disabled.
 */
export function createStaffDirectory({ documents, clock }: { documents: Pick<DocumentStore, "get">; clock: Pick<Clock, "now"> }): {
  find(personId: string): Promise<Staff | undefined>;
} {
  return {
    find: async (personId) => {
      const person = await documents.get("person", personId, clock.now());
      if (person === undefined) return undefined;
      const { name, roles, groups, disabled } = personBody.parse(person.body);
      return disabled ? undefined : { kind: "person", id: person.id, name, roles, groups };
    },
  };
}
