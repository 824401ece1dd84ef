import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toolNames } from "../../../server/tools/definitions/tool-name.ts";

describe("the names that the model sees", () => {
  it("are the server's identifier and the tool's own name, where these are valid", () => {
    expect(toolNames("order-desk", ["lookup_order", "get-sum"])).toEqual(["order-desk__lookup_order", "order-desk__get-sum"]);
  });

  it("keep both ends around a hash where they are too long", () => {
    const [name] = toolNames("warehouse", ["list_every_single_movement_of_goods_between_the_two_warehouses_of_the_shop"]);
    expect(name).toMatch(/^warehouse__list_every_singl-[0-9a-f]{8}-_two_warehouses_of_the_shop$/);
  });

  it("keep apart what looks alike after cleaning, and a tool that is called like another one's cleaned name", () => {
    const [first = "", second] = toolNames("shop", ["read.it", "read it"]);
    expect(first).not.toBe(second);
    const taken = first.replace("shop__", "");
    const names = toolNames("shop", ["read.it", taken]);
    expect(new Set(names).size).toBe(2);
  });

  it("are never another server's: an identifier with the separator in it is hashed", () => {
    const all = [...toolNames("a", ["b__c", "_b"]), ...toolNames("a__b", ["c"]), ...toolNames("a_", ["b"])];
    expect(new Set(all).size).toBe(4);
  });

  it("are valid, unique and the same every time, whatever a server calls its tools", () => {
    const server = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,62}$/);
    const tools = fc.uniqueArray(fc.oneof(fc.string({ minLength: 1, maxLength: 100 }), fc.string({ unit: "grapheme", minLength: 1 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(server, tools, (key, listed) => {
        const names = toolNames(key, listed);
        for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(new Set(names).size).toBe(listed.length);
        expect(toolNames(key, [...listed].reverse())).toEqual([...names].reverse());
      }),
    );
  });
});
