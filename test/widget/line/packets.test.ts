import { expect, test } from "vitest";
import { decodePacket, encodePacket } from "../../../widget/line/json-packets.ts";

test("packets are written as the protocol has it", () => {
  expect(encodePacket(0, { token: "123" })).toBe('0{"token":"123"}');
  expect(encodePacket(1)).toBe("1");
  expect(encodePacket(2, ["foo"], "12")).toBe('212["foo"]');
});

test.for([
  ["1", { type: 1, id: "", data: "" }],
  ['0{"sid":"a,b"}', { type: 0, id: "", data: { sid: "a,b" } }],
  ['2["foo"]', { type: 2, id: "", data: ["foo"] }],
  ['212["foo",{}]', { type: 2, id: "12", data: ["foo", {}] }],
  ["3456[]", { type: 3, id: "456", data: [] }],
  ['2["a\\nb","c\u2028d\n"]'.replace("\n", "\\n"), { type: 2, id: "", data: ["a\nb", "c\u2028d\n"] }],
  ['4{"message":"Not authorized"}', { type: 4, id: "", data: { message: "Not authorized" } }],
] as const)("a packet is read: %s", ([text, packet]) => {
  expect(decodePacket(text)).toEqual(packet);
});

test.for([
  "",
  "5",
  "-1",
  " 2[]",
  "2",
  "2[",
  "2null",
  '2"text"',
  "3 1[]",
  "4{",
  '2/admin,["foo"]',
  '0/admin,{"sid":"1"}',
  '51-["foo"]',
  "[]",
])("what is no packet is refused: %j", (text) => {
  expect(() => decodePacket(text)).toThrow(/packet|JSON/);
});
