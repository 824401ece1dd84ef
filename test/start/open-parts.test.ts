import { describe, expect, it } from "vitest";
import { OpenParts } from "../../server/start/open-parts.ts";

describe("the parts of a server", () => {
  const closing = (closed: string[], name: string) => ({ close: async () => void closed.push(name) });

  it("close in reverse, once, however often they are asked", async () => {
    const closed: string[] = [];
    const open = new OpenParts();
    open.add(closing(closed, "database"));
    open.add({});
    open.add(closing(closed, "desk"));
    await Promise.all([open.close(), open.close()]);
    await open.close();
    expect(closed).toEqual(["desk", "database"]);
  });

  it("close even if a newer one fails, and the failure is logged", async () => {
    const closed: string[] = [];
    const logged: unknown[] = [];
    const open = new OpenParts();
    open.add(closing(closed, "database"));
    open.add({ close: () => Promise.reject(new Error("no answer")) });
    await open.close({ error: (fields) => void logged.push(fields) });
    expect(closed).toEqual(["database"]);
    expect(logged).toEqual([{ error: "Error: no answer" }]);
  });

  it("close even if a newer one never ends", async () => {
    const closed: string[] = [];
    const open = new OpenParts();
    open.add(closing(closed, "database"));
    open.add({ close: () => new Promise(() => undefined), closeWithinMs: 1 });
    await open.close();
    expect(closed).toEqual(["database"]);
  });
});
