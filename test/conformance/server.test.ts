import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REQUIRED, type Revision, runServerSuite } from "./run-server.ts";
import { type Served, servedFixture, withKey } from "./served-fixture.ts";
import { OF_TOOLS, servedPublished } from "./served-published.ts";

describe("published servers, as the MCP conformance suite sees a server", () => {
  let fixture: Served;
  let published: Served;
  const ways: Pick<Served, "url" | "close">[] = [];
  beforeAll(async () => {
    fixture = await servedFixture();
    published = await servedPublished(fixture);
    ways.push(await withKey(fixture), await withKey(published));
  });
  afterAll(async () => {
    for (const one of [...ways, published, fixture]) await one.close();
  });

  it.each(Object.keys(REQUIRED) as Revision[])(
    "pass everything that revision %s requires, with the suite's tools behind their door",
    async (revision) => {
      const { passed, failed } = await runServerSuite(ways[0]!.url, revision);
      expect(failed).toEqual([]);
      expect(passed).toHaveLength(REQUIRED[revision]);
    },
  );

  it.each(Object.keys(OF_TOOLS) as Revision[])(
    "pass what revision %s requires of tools, which come from an MCP server through the gate",
    async (revision) => {
      const { passed, failed } = await runServerSuite(ways[1]!.url, revision, OF_TOOLS[revision]);
      expect(failed).toEqual([]);
      expect(passed).toHaveLength(OF_TOOLS[revision].length);
    },
  );
});
