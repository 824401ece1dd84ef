import { expect, test } from "vitest";
import { voiceAddress } from "../../../widget/call/voice-address.ts";

test.each([
  ["https://desk.example.com", "wss://desk.example.com/voice"],
  ["https://desk.example.com/", "wss://desk.example.com/voice"],
  ["http://localhost:4400", "ws://localhost:4400/voice"],
  ["https://shop.example/desk", "wss://shop.example/desk/voice"],
  [" https://shop.example/desk/ ", "wss://shop.example/desk/voice"],
  ["https://shop.example/desk?x=1#y", "wss://shop.example/desk/voice"],
  ["HTTPS://Desk.example", "wss://desk.example/voice"],
  ["https://[::1]:4400/a//b", "wss://[::1]:4400/a/b/voice"],
  ["/desk", "wss://page.example/desk/voice"],
  ["desk.example.com", "wss://desk.example.com/voice"],
  ["desk.example.com:4400/a", "wss://desk.example.com:4400/a/voice"],
  ["//desk.example.com", "wss://desk.example.com/voice"],
])("the voice line of %s is %s", (server, address) => {
  expect(voiceAddress(server, "https://page.example/shop/lamp?id=1")).toBe(address);
});
