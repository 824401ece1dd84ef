/** What asking about many servers costs. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { PinVerdict } from "../../server/tools/mcp/servers/ports.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { tool } from "../support/mcp-scripted-server.ts";
import { testRegistry } from "./registry-harness.ts";

describe("50 servers with 40 tools each", () => {
  it("are asked about without hashing or writing anything, and not at all for a list that was asked about before", async () => {
    const documents = createMemoryDocuments();
    const fileServers = Array.from({ length: 50 }, (_, index) => ({
      key: `server_${index}`,
      name: "Server",
      url: `https://s${index}.example/mcp`,
    }));
    const registry = await testRegistry({ documents, fileServers });
    const lists = fileServers.map(({ key }) =>
      Array.from({ length: 40 }, (_, index) => {
        const read = readDefinition(tool(`tool_${index}`, { description: `Does ${index} at ${key}.` }));
        if (typeof read === "string") throw new Error(read);
        return read;
      }),
    );
    const askAll = (read: typeof lists): readonly ReadonlyMap<string, PinVerdict>[] =>
      fileServers.map(({ key }, index) => registry.directory.observe(key, read[index] ?? []));
    const first = askAll(lists);
    await registry.pins.settled();
    const stringify = vi.spyOn(JSON, "stringify");
    const write = vi.spyOn(documents, "write");
    onTestFinished(() => void vi.restoreAllMocks());
    const same = askAll(lists);
    expect(same.every((verdicts, index) => verdicts === first[index])).toBe(true);
    const readAnew = askAll(lists.map((list) => [...list]));
    await registry.pins.settled();
    expect(readAnew.reduce((count, { size }) => count + size, 0)).toBe(2_000);
    expect(readAnew).toEqual(first);
    expect([stringify.mock.calls.length, write.mock.calls.length]).toEqual([0, 0]);
    await registry.close();
  });
});
