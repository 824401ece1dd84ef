import type { Person } from "../../api/types.ts";
import { peopleWords } from "./people-words.ts";

type Role = Person["roles"][number];

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  admin: peopleWords.admin,
  owner: peopleWords.owner,
  support: peopleWords.support,
};

export const ROLE_CHOICES = [
  { value: "admin", label: peopleWords.admin, hint: peopleWords.adminHint },
  { value: "owner", label: peopleWords.owner, hint: peopleWords.ownerHint },
  { value: "support", label: peopleWords.support, hint: peopleWords.supportHint },
] as const;
