import { expect, test } from "vitest";
import { createFindApprover } from "../../server/identity/staff/approvers.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";

test("a person may decide approvals while they are there, enabled and have a role for it", async () => {
  const documents = createMemoryDocuments();
  const person = (id: string, change: object) =>
    documents.write(
      [
        {
          do: "create",
          kind: "person",
          id,
          body: { name: id, email: `${id}@desk.example`, roles: ["support"], groups: ["billing"], ...change },
        },
      ],
      { at: 1 },
    );
  await person("kim", {});
  await person("off", { disabled: true });
  await person("owner", { roles: ["owner"] });
  const find = createFindApprover({ documents, clock: { now: () => 2 } });
  expect(await find("kim")).toEqual(["billing"]);
  for (const id of ["off", "owner", "nobody"]) expect(await find(id)).toBeUndefined();
});
