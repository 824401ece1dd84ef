/** What a key may send to Frontdesk's own MCP server that means no good. */
import { expect, test } from "vitest";
import { ACTING_TOOLS } from "../../server/configuration/own-server-schema.ts";
import { depthOf } from "../../server/tools/calls/depth.ts";
import { ask, call, cancels, helper, ownDesk } from "./own-harness.ts";
import { connect } from "./publish-harness.ts";

/** As ids, none of them names anything. */
const ODD = ["", "..", "../../people", "a%2fb?scope=all#x", "\u0000", "__proto__", "\uD800"];

test("an argument that is a place leads nowhere else and breaks nothing, whatever it is", async () => {
  const server = await ownDesk({ allow: [...ACTING_TOOLS] });
  const { tools } = await (await server.own((await server.key(["admin"])).key)).listTools();
  const placed = tools.filter(({ inputSchema }) => (inputSchema.required ?? []).some((name) => name === "id" || name === "key"));
  expect(placed.length).toBeGreaterThan(20);
  for (const { name, inputSchema } of placed) {
    // A key may only call so often.
    const client = await server.own((await server.key(["admin"])).key);
    for (const odd of ODD) {
      const given = Object.fromEntries((inputSchema.required ?? []).map((one) => [one, one === "version" ? 1 : odd]));
      const { isError, text } = await call(client, name, given);
      expect(isError, `${name} took ${JSON.stringify(odd)}`).toBe(true);
      expect(text, `${name} with ${JSON.stringify(odd)}`).toMatch(/^(?:not-found|unknown-[a-z]+|invalid|bad-request|version-changed): /);
    }
  }
});

test("an HTTP tool says as well that its call comes from an assistant, so one that leads here may only read", async () => {
  const server = await ownDesk();
  const asks = await helper(server, cancels, { permission: "always_allow" });
  const direct = await server.publish([{ source: "http", name: "cancel_order" }]);
  await (
    await ask(asks, "Cancel 7.")
  ).answer;
  await (await connect(direct, "modern")).callTool({ name: "cancel_order", arguments: { order: 8 } });
  const said = server.behind.requests.map(({ headers }) => depthOf(String(headers["x-frontdesk-depth"]), undefined));
  expect(said).toHaveLength(2);
  for (const depth of said) expect(depth).toBeGreaterThan(0);
});
