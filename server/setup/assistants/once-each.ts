import type { StandingPorts } from "./connector-standing.ts";

/** Cached, because one person has often added many connectors. */
export function onceEach(people: StandingPorts["people"]): StandingPorts["people"] {
  const asked = new Map<string, ReturnType<typeof people.find>>();
  return {
    find: (id) => {
      const answer = asked.get(id) ?? people.find(id);
      asked.set(id, answer);
      return answer;
    },
  };
}
