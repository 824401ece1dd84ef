/** A customer's own list is theirs: it changes nothing for anybody else, and no other model reads its words. */
import { describe, expect, it } from "vitest";
import { tool } from "../support/mcp-scripted-server.ts";
import { waitFor } from "../support/wait-for.ts";
import { openClub, readOf } from "./club-harness.ts";
import { definition } from "./changing-server.ts";
import { ADMIN } from "./registry-harness.ts";

const SECRET = /PRIVATE|4711|0815/;
const ofAda = tool("orders_of_ada", { description: "PRIVATE-TO-ADA account 4711" });
const ofBea = tool("orders_of_bea", { description: "PRIVATE-TO-BEA account 0815" });
const points = (more: object = {}) => tool("points", { description: "How many points.", ...more });

describe("customers whose lists are worded for them", () => {
  it("have their own tools each, whoever signs in when; nobody else reads a word of them", async () => {
    const club = await openClub({ ada: [ofAda], bea: [ofBea] });
    club.signIn("ada");
    expect(readOf(await club.ask("ada", "hello"))).toContain("PRIVATE-TO-ADA account 4711");

    const beforeSignIn = await club.ask("bea", "hello");
    expect(readOf(beforeSignIn)).not.toMatch(SECRET);
    expect(beforeSignIn[0]?.tools.map(({ name }) => name)).toEqual(["club__connect", "frontdesk__read_result"]);

    club.signIn("bea");
    const ofBeas = readOf(await club.ask("bea", "hello"));
    expect(ofBeas).toContain("PRIVATE-TO-BEA account 0815");
    expect(ofBeas).not.toContain("ADA");

    // Hers stays hers, and works: each call asks her.
    const ofAdas = readOf(await club.ask("ada", "call club__orders_of_ada"));
    expect(ofAdas).not.toContain("BEA");
    expect(await club.journal("ada", "approval-requested")).toMatchObject([{ approver: "customer", rememberable: false }]);
    expect(club.called).toEqual([]);
    await club.approve("ada");
    expect(club.called).toEqual(["ada: orders_of_ada"]);

    expect(readOf(await club.ask("cleo", "hello"))).not.toMatch(SECRET);
  });

  it.each<[string, object, object]>([
    ["its description", { description: "PRIVATE 4711" }, { description: "PRIVATE 0815" }],
    ["its title", { title: "PRIVATE 4711" }, { title: "PRIVATE 0815" }],
    ["its annotations", { annotations: { title: "PRIVATE 4711" } }, { annotations: { title: "PRIVATE 0815" } }],
    [
      "the names of its arguments",
      { inputSchema: { type: "object", properties: { "PRIVATE-4711": {} } } },
      { inputSchema: { type: "object", properties: { "PRIVATE-0815": {} } } },
    ],
    [
      "the words of its arguments",
      { inputSchema: { type: "object", properties: { of: { enum: ["PRIVATE 4711"] } } } },
      { inputSchema: { type: "object", properties: { of: { enum: ["PRIVATE 0815"] } } } },
    ],
    ["its result's schema", { outputSchema: { type: "object", title: "PRIVATE 4711" } }, {}],
  ])("one tool of the same name, with private words in %s: each has their own, and it asks them", async (_, adas, beas) => {
    const club = await openClub({ ada: [points(adas)], bea: [points(beas)] });
    club.signIn("ada");
    expect(await club.offered("ada")).toEqual([expect.stringContaining("club__points (asks)")]);
    expect(await club.offered("bea")).toEqual(["club__connect: Sign in to The Club to use its tools."]);
    club.signIn("bea");
    const read = await club.offered("bea");
    expect(read).toEqual([expect.stringContaining("club__points (asks)")]);
    expect(read.join()).not.toContain("4711");
    expect((await club.offered("ada")).join()).not.toContain("0815");
    // Staff read the name, and that it is not the same for all.
    const [view] = await club.registry.toolRows.ofServer(ADMIN, "club", { limit: 200 });
    expect(view).toMatchObject({ name: "points", state: "proposed", offered: false, proposal: { customers: 2, differs: true } });
    expect(JSON.stringify(view)).not.toMatch(SECRET);
    expect(await club.registry.everythingKept()).not.toMatch(SECRET);
  });

  it("are read anew by whom the server tells that theirs changed, and by nobody else", async () => {
    const club = await openClub({ ada: [ofAda], bea: [ofBea] });
    for (const who of ["ada", "bea"]) {
      club.signIn(who);
      await club.ask(who, "hello");
    }
    const generation = club.registry.directory.listGeneration("club");
    club.lists.set("ada", [tool("new_of_ada", { description: "PRIVATE 4711" })]);
    club.lists.set("bea", [tool("unannounced")]);
    await club.announceChange("ada");
    await waitFor(async () => readOf(await club.ask("ada", "hello")).includes("new_of_ada"));
    const ofBeas = readOf(await club.ask("bea", "hello"));
    expect(ofBeas).toContain("orders_of_bea");
    expect(ofBeas).not.toMatch(/4711|unannounced/);
    expect(club.registry.directory.listGeneration("club")).toBe(generation);
  });

  it("end up in no other list when their server says that anybody may keep it", async () => {
    const club = await openClub({ ada: [ofAda], bea: [ofBea] });
    Object.assign(club.listed, { ttlMs: 60_000, cacheScope: "public" });
    club.signIn("ada");
    club.signIn("bea");
    await club.ask("ada", "hello");
    expect(readOf(await club.ask("bea", "hello"))).not.toContain("ADA");
    const generation = club.registry.directory.listGeneration("club");
    club.lists.set("ada", [ofAda, tool("more_of_ada")]);
    club.host.advance(61_000);
    expect(readOf(await club.ask("ada", "hello"))).toContain("more_of_ada");
    expect(readOf(await club.ask("bea", "hello"))).not.toContain("ada");
    expect(club.registry.directory.listGeneration("club")).toBe(generation);
  });
});

describe("a tool that staff accepted", () => {
  const accepted = async (club: Awaited<ReturnType<typeof openClub>>, ...list: readonly object[]) =>
    club.registry.pins.observe(
      "club",
      list.map((one) => definition({ ...one })),
      {
        scope: "whole",
        newTools: "needs_approval",
        takesFirst: true,
        by: "Ada",
      },
    );

  it("is used as it is permitted by everybody whose list has exactly that one", async () => {
    const club = await openClub({ ada: [points()], bea: [points({ description: "Other words." })], cleo: [points()] });
    await accepted(club, points());
    for (const who of ["ada", "bea", "cleo"]) club.signIn(who);
    expect(await club.offered("ada")).toEqual(["club__points: How many points."]);
    expect(await club.offered("bea")).toEqual(["club__points (asks): Other words."]);
    expect(await club.offered("cleo")).toEqual(["club__points: How many points."]);
    await club.ask("ada", "call club__points");
    await club.ask("bea", "call club__points");
    expect(club.called).toEqual(["ada: points"]);
    expect(await club.registry.tools.get(ADMIN, "club", "points")).toMatchObject({ state: "accepted", offered: true });
  });

  it("is shown before the sign-in; beside it the sign-in itself, where customers have more", async () => {
    const club = await openClub({ ada: [points(), ofAda], bea: [points({ description: "Other words." })] });
    await accepted(club, points());
    expect(await club.offered("bea")).toEqual(["club__points: How many points."]);
    club.signIn("ada");
    await club.offered("ada");
    expect(await club.offered("bea")).toEqual(["club__connect: Sign in to The Club to use its tools.", "club__points: How many points."]);
    // It is another tool once she has signed in, so the call that waited does not run as something else.
    await club.ask("bea", "call club__points");
    club.signIn("bea");
    await club.connected("bea");
    expect(await club.journal("bea", "tool-call-ended")).toMatchObject([{ outcome: "refused", refusal: "definition-changed" }]);
    expect(club.called).toEqual([]);
  });

  it("is neither gone nor changed because one customer's list is without it", async () => {
    const club = await openClub({ ada: [points(), tool("gifts")], bea: [tool("gifts")] });
    await accepted(club, points(), tool("gifts"));
    club.signIn("ada");
    club.signIn("bea");
    expect(await club.offered("ada")).toHaveLength(2);
    expect(await club.offered("bea")).toEqual(["club__gifts: "]);
    expect(await club.offered("ada")).toHaveLength(2);
    expect((await club.registry.toolRows.ofServer(ADMIN, "club", { limit: 200 })).map(({ state }) => state)).toEqual([
      "accepted",
      "accepted",
    ]);
  });

  it("that the server changed for staff too is quarantined for everybody", async () => {
    const club = await openClub({ ada: [points()] });
    await accepted(club, points());
    await accepted(club, points({ description: "Changed for all." }));
    club.signIn("ada");
    expect(await club.offered("ada")).toEqual([]);
  });
});

describe("one customer's list", () => {
  it("of 2,000 tools is theirs, and keeps as little as any other; one of 5,000 costs nobody else anything", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => tool(`t${index}`));
    const club = await openClub({ ada: many(2_000), bea: [points()], cleo: many(5_000) });
    for (const who of ["ada", "bea", "cleo"]) club.signIn(who);
    expect(await club.offered("ada")).toHaveLength(2_000);
    expect(await club.offered("cleo")).toEqual([]);
    expect(await club.offered("bea")).toEqual(["club__points (asks): How many points."]);
    await club.registry.pins.settled();
    const kept = await club.registry.toolRows.ofServer(ADMIN, "club", { limit: 200 });
    expect(kept.length).toBeLessThanOrEqual(251);
    expect(kept.map(({ name }) => name)).toContain("points");
    expect(club.registry.statuses.of("club").status).toBe("connected");
  });
});
