import { expect, it } from "vitest";
import type { Staff } from "../../server/identity/staff/actions.ts";
import type { Prober } from "../../server/tools/probe/prober.ts";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
import { ADMIN, OWNER, SIGNAL, testRegistry } from "./registry-harness.ts";

const definition = readDefinition({ name: "refund", inputSchema: { type: "object" } });
if (typeof definition === "string") throw new Error(definition);

it("acts with the shared sign-in only for those whom that is shared with, whoever may use the server", async () => {
  const called: string[] = [];
  const prober: Prober = {
    probe: async () => ({ status: "connected", tools: [definition], leftOut: [] }),
    call: async (entry) => {
      called.push(entry.settings.key);
      return {
        outcome: "ok",
        content: [],
        durationMs: 1,
        isError: false,
        timing: { wholeMs: 1 },
        headers: [],
        messages: [],
        leftOutMessages: 0,
      };
    },
  };
  const mayUseSignIn = async (staff: Staff): Promise<boolean> => staff.id === ADMIN.id;
  const registry = await testRegistry({ prober, mayUseSignIn });
  await registry.create({ key: "crm", url: "https://crm.example/mcp", auth: { kind: "oauth" }, access: "everyone" });
  await registry.create({ key: "open", url: "https://open.example/mcp", access: "everyone" });
  const call = (staff: Staff, key: string) => registry.tools.call(staff, { key, tool: "refund", arguments: {} }, SIGNAL);

  await expect(call(OWNER, "crm")).rejects.toMatchObject({ code: "forbidden" });
  expect(called).toEqual([]);
  await call(OWNER, "open");
  await call(ADMIN, "crm");
  expect(called).toEqual(["open", "crm"]);
  await registry.close();
});
