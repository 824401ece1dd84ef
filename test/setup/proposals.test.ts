/** What customers' own lists have is proposed to staff, without the words of one customer. */
import { describe, expect, it } from "vitest";
import { tool } from "../support/mcp-scripted-server.ts";
import { openClub } from "./club-harness.ts";
import { definition, type Listed } from "./changing-server.ts";
import { ADMIN, OWNER, SIGNAL, testRegistry, type TestRegistry } from "./registry-harness.ts";

const CLUB = { key: "club", name: "Club", url: "https://club.example/mcp", auth: { kind: "oauth" } } as const;
const points = (more: Listed = {}) => tool("points", { description: "How many points.", ...more });
const privately = (who: string) => points({ description: `PRIVATE of ${who}` });

/** The club, whose lists are put in by hand. */
async function club(more: Parameters<typeof testRegistry>[0] & { settings?: object } = {}) {
  const { settings, ...rest } = more;
  const registry = await testRegistry({ fileServers: [{ ...CLUB, ...settings }], ...rest });
  return { registry, reads: reading(registry) };
}

function reading(registry: TestRegistry) {
  return (customer: string, ...list: readonly Listed[]) =>
    [...registry.directory.observe("club", list.map(definition), customer)].map(([name, { use, ...more }]) => [name, use, more]);
}

const asks = ["points", "offered", { asks: true }];
const free = ["points", "offered", {}];

describe("a tool that only customers' own lists have", () => {
  it("is a name for staff, and its words stay out of what they see and of what is kept, as long as one customer had them", async () => {
    const { registry, reads } = await club();
    for (let times = 0; times < 3; times += 1) expect(reads("ada", privately("ada"))).toEqual([asks]);
    await registry.pins.settled();
    const [view, ...more] = await registry.toolRows.ofServer(ADMIN, "club", { limit: 200 });
    expect(more).toEqual([]);
    expect(view).toEqual({
      name: "points",
      modelName: "club__points",
      title: "points",
      description: "",
      parameters: {},
      enabled: true,
      state: "proposed",
      offered: false,
      hidden: [],
      cut: [],
      proposal: { customers: 1, differs: false, seenAt: registry.clock.now() },
      firstSeenAt: registry.clock.now(),
      lastSeenAt: registry.clock.now(),
    });
    expect(await registry.everythingKept()).not.toMatch(/PRIVATE|"ada"/);
    expect(JSON.stringify(registry.warnings)).not.toMatch(/PRIVATE|points/);
    // Nor may anybody accept it unseen.
    const { definitionHash } = definition(privately("ada"));
    await expect(registry.tools.accept(ADMIN, "club", "points", definitionHash)).rejects.toMatchObject({ code: "version-changed" });
  });

  it("is shown whole when two customers have exactly the same, and accepted it is everybody's", async () => {
    const { registry, reads } = await club();
    reads("ada", points());
    reads("bea", points());
    const { proposal } = await registry.tools.get(ADMIN, "club", "points");
    const hash = definition(points()).definitionHash;
    const { name: _, ...said } = points();
    expect(proposal).toMatchObject({ customers: 2, differs: false, hash, definition: { ...said, hash }, hidden: [] });
    expect(registry.directory.pinned("club")).toEqual([]);
    expect(registry.directory.hasMore("club")).toBe(true);

    const accepted = await registry.tools.accept(ADMIN, "club", "points", hash);
    expect(accepted).toMatchObject({ state: "accepted", offered: true, acceptedBy: "Ada", description: "How many points." });
    expect(accepted.proposal).toBeUndefined();
    for (const who of ["ada", "bea", "cleo"]) expect(reads(who, points())).toEqual([free]);
    expect(registry.warnings).toEqual([{ server: "club", tools: 1 }]);
    expect(registry.directory.pinned("club").map(({ description }) => description)).toEqual(["How many points."]);
    expect(registry.directory.hasMore("club")).toBe(false);
    // Staff's own account has other tools: customers go on with this one, and those to come can sign in for it.
    registry.pins.observe("club", [definition(tool("other"))], { scope: "whole", newTools: "needs_approval", takesFirst: true });
    expect(reads("cleo", points())).toEqual([free]);
    expect(registry.directory.hasMore("club")).toBe(true);
    const [audit] = await registry.documents.listAudit({ limit: 1, filter: { action: "server-tool.accept" } });
    expect(audit).toMatchObject({ target: { id: "club/points" }, after: { hash } });
    expect(audit?.before).toBeUndefined();
  });

  it("beside an accepted one is shown with what differs, and does not touch it", async () => {
    const { registry, reads } = await club();
    registry.pins.observe("club", [definition(points())], { scope: "whole", newTools: "needs_approval", takesFirst: true, by: "Ada" });
    const other = points({ description: "Other words." });
    for (const who of ["ada", "bea"]) expect(reads(who, other)).toEqual([asks]);
    const view = await registry.tools.get(ADMIN, "club", "points");
    expect(view).toMatchObject({ state: "accepted", offered: true, description: "How many points." });
    expect(view.change).toBeUndefined();
    expect(view.proposal?.difference).toMatchObject([{ path: "/description", before: "How many points.", after: "Other words." }]);
    await registry.tools.accept(ADMIN, "club", "points", view.proposal?.hash ?? "");
    expect(reads("ada", other)).toEqual([free]);
    expect(reads("cleo", points())).toEqual([asks]);
  });

  it("at a server that is used with a shared sign-in too is measured by that one's list, and leaves it alone", async () => {
    const { registry, reads } = await club();
    expect(reads("ada", privately("ada"))).toEqual([asks]);
    // The file's server is trusted on its first list that is nobody's own, whoever read what before.
    const shared = () => registry.directory.observe("club", [definition(points())]).get("points");
    expect(shared()).toEqual({ use: "offered" });
    for (const who of ["ada", "bea"]) expect(reads(who, points({ description: "Other words." }))).toEqual([asks]);
    expect(shared()).toEqual({ use: "offered" });
    expect(reads("cleo", points())).toEqual([free]);
    expect(await registry.tools.get(ADMIN, "club", "points")).toMatchObject({ state: "accepted", offered: true });
  });

  it("that changes for everybody is proposed as it is now", async () => {
    const { registry, reads } = await club();
    for (const who of ["ada", "bea"]) reads(who, points());
    const before = (await registry.tools.get(ADMIN, "club", "points")).proposal?.hash ?? "";
    for (const who of ["ada", "bea"]) reads(who, points({ description: "New words." }));
    const { proposal } = await registry.tools.get(ADMIN, "club", "points");
    expect(proposal?.definition?.description).toBe("New words.");
    expect(proposal?.differs).toBe(false);
    await expect(registry.tools.accept(ADMIN, "club", "points", before)).rejects.toMatchObject({ code: "version-changed" });
  });

  it("is turned off and on by its name, over a restart too, and nothing of it is accepted by that", async () => {
    const { registry, reads } = await club();
    reads("ada", privately("ada"));
    expect(await registry.tools.enable(ADMIN, "club", "points", false)).toMatchObject({ state: "proposed", enabled: false });
    expect(reads("ada", privately("ada"))).toEqual([["points", "hidden", { reason: "disabled" }]]);
    expect(reads("bea", privately("bea"))).toEqual([["points", "hidden", { reason: "disabled" }]]);
    expect(registry.directory.hasMore("club")).toBe(false);
    await registry.close();
    const again = await club({ documents: registry.documents, clock: registry.clock });
    registry.clock.move(400 * 24 * 60 * 60_000);
    expect(again.reads("cleo", privately("cleo"))).toEqual([["points", "hidden", { reason: "disabled" }]]);
    await again.registry.tools.enable(ADMIN, "club", "points", true);
    expect(again.reads("cleo", privately("cleo"))).toEqual([asks]);
    const audit = await registry.documents.listAudit({ limit: 1, filter: { action: "server-tool.disable" } });
    expect(audit).toMatchObject([{ target: { id: "club/points" }, after: { enabled: false } }]);
    await expect(again.registry.tools.enable(ADMIN, "club", "nothing", true)).rejects.toMatchObject({ code: "not-found" });
    await expect(registry.tools.enable(OWNER, "club", "points", true)).rejects.toMatchObject({ code: "not-found" });
  });

  it("is hidden where new tools are off, until its name is turned on or it is accepted", async () => {
    const { registry, reads } = await club({ settings: { newTools: "disabled" } });
    expect(reads("ada", privately("ada"))).toEqual([["points", "hidden", { reason: "new" }]]);
    expect(registry.directory.hasMore("club")).toBe(false);
    await registry.tools.enable(ADMIN, "club", "points", true);
    expect(reads("ada", privately("ada"))).toEqual([asks]);
    for (const who of ["ada", "bea"]) reads(who, points());
    const { proposal } = await registry.tools.get(ADMIN, "club", "points");
    await registry.tools.accept(ADMIN, "club", "points", proposal?.hash ?? "");
    expect(reads("ada", points())).toEqual([free]);
    expect(reads("ada", privately("ada"))).toEqual([["points", "hidden", { reason: "changed" }]]);
  });

  it("is not called by hand before it is accepted", async () => {
    const { registry, reads } = await club();
    reads("ada", points());
    const call = (name: string) => registry.tools.call(ADMIN, { key: "club", tool: name, arguments: {} }, SIGNAL);
    await expect(call("points")).rejects.toMatchObject({ code: "version-changed", detail: expect.stringContaining("Accept it") as string });
    await expect(call("nothing")).rejects.toMatchObject({ code: "not-found" });
  });

  it("is kept with its server, over a restart, and forgotten with it or when no list has it for long", async () => {
    const { registry, reads } = await club();
    for (const who of ["ada", "bea"]) reads(who, points(), tool(`gift/für ${who}`));
    await registry.close();
    const again = await club({ documents: registry.documents, clock: registry.clock });
    const names = async () => (await again.registry.toolRows.ofServer(ADMIN, "club", { limit: 200 })).map(({ name }) => name);
    expect(await names()).toEqual(["gift/für ada", "gift/für bea", "points"]);
    expect((await again.registry.tools.get(ADMIN, "club", "points")).proposal?.definition).toBeDefined();
    registry.clock.move(60 * 24 * 60 * 60_000);
    again.reads("ada", points());
    registry.clock.move(60 * 24 * 60 * 60_000);
    expect(await names()).toEqual(["points"]);
    await registry.documents.write(again.registry.pins.endAll("club"), { at: registry.clock.now() });
    expect(await names()).toEqual([]);
  });
});

describe("customers' own lists that count as accepted, because an admin said so", () => {
  it("ask nobody, and are still theirs alone", async () => {
    const own = await openClub({ ada: [privately("ada")], bea: [privately("bea")] }, { settings: { personalTools: "accepted" } });
    own.signIn("ada");
    expect(await own.offered("ada")).toEqual(["club__points: PRIVATE of ada"]);
    expect(own.registry.warnings).toEqual([]);
    await own.ask("ada", "call club__points");
    expect(own.called).toEqual(["ada: points"]);
    expect(await own.offered("bea")).toEqual(["club__connect: Sign in to The Club to use its tools."]);
    own.signIn("bea");
    expect(await own.offered("bea")).toEqual(["club__points: PRIVATE of bea"]);
    await own.registry.tools.enable(ADMIN, "club", "points", false);
    expect(await own.offered("bea")).toEqual([]);
  });

  it("is for admins to say", async () => {
    const registry = await testRegistry();
    await registry.create({ key: "club", url: "http://127.0.0.1:9/mcp", auth: { kind: "oauth" }, access: "everyone" });
    const share = { grantee: { kind: "person", id: OWNER.id }, level: "manage" } as const;
    await registry.sharing.set({ kind: "mcp-server", id: "club" }, [share], ADMIN);
    const change = registry.servers.update(OWNER, "club", { personalTools: "accepted" }, { ifVersion: undefined, signal: SIGNAL });
    await expect(change).rejects.toMatchObject({
      code: "forbidden",
      detail: "Only an admin may change samplingTokens, trusted, and personalTools.",
    });
  });
});

describe("however many customers' own lists there are", () => {
  it("a server that words its list anew each time makes no write of each reading", async () => {
    const { registry, reads } = await club();
    const version = async () => (await registry.documents.get("proposed-tool", "club/points", registry.clock.now()))?.version ?? 0;
    for (let customer = 0; customer < 8; customer += 1) reads(`customer ${customer}`, privately(`customer ${customer}`));
    await registry.pins.settled();
    const before = await version();
    for (let round = 0; round < 200; round += 1) reads(`customer ${round % 20}`, privately(`round ${round}`));
    await registry.pins.settled();
    expect(await version()).toBe(before);
    registry.clock.move(61 * 60_000);
    for (let round = 0; round < 200; round += 1) reads(`customer ${round % 20}`, privately(`later ${round}`));
    await registry.pins.settled();
    expect(await version()).toBe(before + 1);
  });

  it("one customer fills no more than a part of what is kept, and a new name finds room", async () => {
    const { registry, reads } = await club();
    const names = (who: string, count: number) => Array.from({ length: count }, (_, index) => tool(`${who}_${index}`));
    const kept = () => registry.pins.proposed("club");
    reads("ada", ...names("ada", 2_000));
    expect(kept().size).toBe(250);
    reads("bea", points());
    reads("cleo", points());
    for (const who of ["bea", "cleo", "dora", "elsa"]) reads(who, ...names(who, 2_000));
    expect(kept().size).toBe(1_000);
    reads("fay", tool("fresh"));
    expect(kept().has("fresh")).toBe(false);
    registry.clock.move(61 * 60_000);
    reads("fay", tool("fresh"), tool("fresh_too"));
    expect(kept().has("fresh")).toBe(true);
    expect(kept().size).toBe(1_000);
    expect(kept().has("points")).toBe(true);
    await registry.pins.settled();
    const again = await club({ documents: registry.documents, clock: registry.clock });
    expect(again.registry.pins.proposed("club").size).toBe(1_000);
  });
});
