/** What earlier releases took from customers' own lists for the server's. */
import { describe, expect, it } from "vitest";
import type { DocumentChange } from "../../server/documents/ports.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { tool } from "../support/mcp-scripted-server.ts";
import { definition, type Listed } from "./changing-server.ts";
import { ADMIN, testRegistry, type TestRegistry, testTime } from "./registry-harness.ts";

const points = (description: string) => tool("points", { description });
const ADAS = points("PRIVATE-TO-ADA");
const BEAS = points("PRIVATE-TO-BEA");

/** A pin as earlier releases wrote it. */
function kept(name: string, listed: Listed, more: { by?: string; offered?: Listed; reviewed?: boolean } = {}): DocumentChange {
  const { by, offered, reviewed = true } = more;
  const pinned = (one: Listed) => ({ said: definition(one).said, hash: definition(one).definitionHash, at: 1 });
  const body = {
    accepted: { ...pinned(listed), ...(by === undefined ? {} : { by }) },
    ...(offered === undefined ? {} : { offered: pinned(offered) }),
    enabled: true,
    reviewed,
    gone: false,
    firstSeenAt: 1,
    lastSeenAt: 1,
  };
  return { do: "create", kind: "server-tool", id: `club/${name}`, parent: "club", body };
}

async function upgraded(change: DocumentChange, auth: "oauth" | "none" = "oauth") {
  const [documents, clock] = [createMemoryDocuments(), testTime()];
  await documents.write([change], { at: 1 });
  const fileServers = [{ key: "club", name: "Club", url: "https://club.example/mcp", auth: { kind: auth } }] as const;
  return testRegistry({ documents, clock, fileServers });
}

const observed = (registry: TestRegistry, listed: Listed, who?: string) =>
  registry.directory.observe("club", [definition(listed)], who).get(String(listed["name"]));

describe("a definition that an earlier release accepted unseen, at a server with sign-ins", () => {
  it("is offered to nobody before they sign in, and asks whoever has it in their own list", async () => {
    const registry = await upgraded(kept("points", ADAS));
    expect(registry.directory.pinned("club")).toEqual([]);
    expect(registry.directory.hasMore("club")).toBe(true);
    for (const [who, listed] of [
      ["ada", ADAS],
      ["bea", BEAS],
    ] as const)
      expect(observed(registry, listed, who)).toEqual({ use: "offered", asks: true });
    expect(await registry.tools.get(ADMIN, "club", "points")).toMatchObject({ state: "new" });
  });

  it("counts again, without a moment's pause, once a list that is nobody's own has it", async () => {
    const registry = await upgraded(kept("points", ADAS));
    expect(observed(registry, ADAS)).toEqual({ use: "offered" });
    expect(observed(registry, ADAS, "ada")).toEqual({ use: "offered" });
    await registry.close();
    const { documents, clock } = registry;
    const fileServers = [{ key: "club", name: "Club", url: "https://club.example/mcp", auth: { kind: "oauth" } }] as const;
    const again = await testRegistry({ documents, clock, fileServers });
    expect(again.directory.pinned("club")).toHaveLength(1);
  });

  it("is quarantined by such a list that has another", async () => {
    const registry = await upgraded(kept("points", ADAS));
    expect(observed(registry, BEAS)).toEqual({ use: "hidden", reason: "changed" });
  });

  it("counts again once staff have accepted it or decided about it, for good", async () => {
    for (const decide of [
      (registry: TestRegistry) => registry.tools.accept(ADMIN, "club", "points", definition(ADAS).definitionHash),
      (registry: TestRegistry) => registry.tools.enable(ADMIN, "club", "points", true),
    ]) {
      const registry = await upgraded(kept("points", ADAS));
      await decide(registry);
      await registry.close();
      const { documents, clock } = registry;
      const fileServers = [{ key: "club", name: "Club", url: "https://club.example/mcp", auth: { kind: "oauth" } }] as const;
      const again = await testRegistry({ documents, clock, fileServers });
      expect(observed(again, ADAS, "ada")).toEqual({ use: "offered" });
    }
  });

  it("that was never reviewed stays so, whoever lists it", async () => {
    const registry = await upgraded(kept("points", ADAS, { reviewed: false }));
    expect(observed(registry, ADAS)).toEqual({ use: "offered", asks: true });
  });
});

it("what a person accepted stays accepted, and another customer's wording no longer hides it", async () => {
  const registry = await upgraded(kept("points", ADAS, { by: "Ada", offered: BEAS }));
  expect(await registry.tools.get(ADMIN, "club", "points")).toMatchObject({ state: "accepted", offered: true });
  expect(registry.directory.pinned("club")).toHaveLength(1);
  expect(observed(registry, ADAS, "ada")).toEqual({ use: "offered" });
});

it("a server without sign-ins has what it had: no customer's list can be in it", async () => {
  const registry = await upgraded(kept("points", ADAS, { offered: BEAS }), "none");
  expect(await registry.tools.get(ADMIN, "club", "points")).toMatchObject({ state: "changed" });
});
