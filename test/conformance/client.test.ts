import { describe, expect, it } from "vitest";
import { REQUIRED, runClientSuite, type Revision } from "./run-client.ts";

describe("our host, as the MCP conformance suite sees a client", () => {
  it.each(Object.keys(REQUIRED) as Revision[])("passes everything that revision %s requires", { timeout: 300_000 }, async (revision) => {
    const { passed, failed } = await runClientSuite(revision);
    expect(failed).toEqual([]);
    expect(passed).toHaveLength(REQUIRED[revision]);
  });
});
