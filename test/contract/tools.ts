import { afterEach, describe, expect, it } from "vitest";
import type { Tool, Toolbox, Tools } from "../../server/conversation/ports/tools.ts";
import { callContext } from "../support/mcp-host.ts";
import { waitFor } from "../support/wait-for.ts";

/**
 * What a maker of `Tools` has to bring to the contract: an assistant with two tools, `works` (answers a text, and
 * counts) and `waits` (answers when it is cancelled, and not before), and a source that cannot be reached.
 */
export interface ToolsUnderTest {
  readonly tools: Tools;
  readonly open: (conversationId: string) => Promise<Toolbox>;
  /** How often `works` and `waits` were really run. */
  readonly runs: () => number;
  /** Cuts the source off: nothing can be reached from now on. */
  readonly cutOff: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** The law of the port `Tools`. */
export function toolsContract(name: string, make: () => Promise<ToolsUnderTest>): void {
  describe(`Tools: ${name}`, () => {
    let made: ToolsUnderTest | undefined;
    const start = async (): Promise<ToolsUnderTest> => (made = await make());
    afterEach(() => made?.dispose());
    const ending = ({ tools }: Toolbox, end: string): Tool => {
      const tool = tools.find((one) => one.reference.tool === end);
      if (tool === undefined) throw new Error(`There is no tool ${end}.`);
      return tool;
    };

    it("gives each conversation the same tools: valid names, each once, in the same order", async () => {
      const { open } = await start();
      const first = await open("conversation-1");
      const second = await open("conversation-2");
      const names = first.tools.map((tool) => tool.name);
      expect(names.length).toBeGreaterThanOrEqual(2);
      for (const tool of names) expect(tool).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(new Set(names).size).toBe(names.length);
      expect(second.tools.map((tool) => tool.name)).toEqual(names);
      expect(second.tools.map((tool) => tool.definitionHash)).toEqual(first.tools.map((tool) => tool.definitionHash));
      for (const tool of first.tools) expect(tool.definitionHash).toMatch(/^[0-9a-f]{64}$/);
    });

    it("names what cannot be reached, and gives the rest", async () => {
      const { open } = await start();
      const { unavailable } = await open("conversation-1");
      expect(unavailable).toHaveLength(1);
      expect(unavailable[0]?.cause).not.toBe("");
    });

    it("runs a tool once for each call", async () => {
      const { open, runs } = await start();
      const works = ending(await open("conversation-1"), "works");
      expect(works.check({})).toBeUndefined();
      const results = await Promise.all([works.call({}, callContext()), works.call({}, callContext())]);
      for (const result of results) expect(result).toMatchObject({ outcome: "ok", content: [{ kind: "text" }] });
      expect(runs()).toBe(2);
    });

    it("cancels a call that is stopped, and does not start one that was stopped before", async () => {
      const { open, runs } = await start();
      const waits = ending(await open("conversation-1"), "waits");
      const stop = new AbortController();
      const calling = waits.call({}, callContext({ signal: stop.signal }));
      await waitFor(() => runs() === 1);
      stop.abort();
      expect((await calling).outcome).toBe("cancelled");
      expect((await waits.call({}, callContext({ signal: stop.signal }))).outcome).toBe("cancelled");
      expect(runs()).toBe(1);
    });

    it("goes on after a rest", async () => {
      const { tools, open } = await start();
      const works = ending(await open("conversation-1"), "works");
      await works.call({}, callContext());
      tools.rest("conversation-1");
      tools.rest("conversation-1");
      tools.rest("conversation-never-seen");
      expect((await works.call({}, callContext())).outcome).toBe("ok");
      expect((await ending(await open("conversation-1"), "works").call({}, callContext())).outcome).toBe("ok");
    });

    it("never throws: a call that cannot be made is a result with a cause", async () => {
      const { open, cutOff } = await start();
      const works = ending(await open("conversation-1"), "works");
      await cutOff();
      const result = await works.call({}, callContext());
      expect(["failed", "unknown"]).toContain(result.outcome);
      expect(result).toMatchObject({ cause: expect.stringMatching(/./) as string });
      await expect(open("conversation-2")).resolves.toBeDefined();
    });

    it("can be closed twice, and is closed then", async () => {
      const { tools, open } = await start();
      const works = ending(await open("conversation-1"), "works");
      await tools.close();
      await tools.close();
      expect((await works.call({}, callContext())).outcome).toBe("failed");
      expect((await open("conversation-1")).tools).toEqual([]);
    });
  });
}
