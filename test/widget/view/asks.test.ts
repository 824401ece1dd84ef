import { expect, test } from "vitest";
import { Hosted } from "./hosted.ts";

async function running(): Promise<Hosted> {
  const view = new Hosted();
  await view.shakeHands();
  view.notes.length = 0;
  return view;
}

test("an address is opened once the person wants it, as the browser reads it", async () => {
  const view = await running();
  expect((await view.ask("ui/open-link", { url: "https://müller.example/a b?x=\u202E1" })).result).toEqual({});
  const url = "https://xn--mller-kva.example/a%20b?x=%E2%80%AE1";
  expect(view.asked).toEqual([{ kind: "link", url }]);
  expect(view.notes).toEqual([
    ["link-asked", url],
    ["link-opened", url],
  ]);
  view.answer = false;
  expect((await view.ask("ui/open-link", { url: "https://shop.example/" })).result).toEqual({ isError: true });
  view.answer = undefined;
  expect((await view.ask("ui/open-link", { url: "https://shop.example/" })).result).toEqual({ isError: true });
  expect(view.notes.at(-1)).toEqual(["link-declined", "https://shop.example/"]);
});

test.for([
  "http://shop.example/",
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc/passwd",
  "//shop.example",
  "/cart",
  "https://shop.example@evil.example/",
  "https://user:secret@evil.example/",
  `https://shop.example/${"a".repeat(3000)}`,
  "",
  7,
  undefined,
])("nobody is asked to open %j", async (url) => {
  const view = await running();
  expect((await view.ask("ui/open-link", { url })).error?.code).toBe(-32602);
  expect(view.asked).toEqual([]);
});

test("a message is sent once the person wants it, whichever way its text comes", async () => {
  const view = await running();
  expect((await view.ask("ui/message", { role: "user", content: [{ type: "text", text: "Book it " }] })).result).toEqual({});
  await view.ask("ui/message", { role: "user", content: { type: "text", text: "And this" } });
  view.answer = false;
  expect((await view.ask("ui/message", { content: [{ type: "text", text: "Not this" }] })).result).toEqual({ isError: true });
  expect(view.asked.map((question) => question.kind === "message" && question.text)).toEqual(["Book it", "And this", "Not this"]);
  expect(view.messages).toEqual(["Book it", "And this"]);
  expect(view.notes.map(([what]) => what)).toEqual([
    "message-asked",
    "message-sent",
    "message-asked",
    "message-sent",
    "message-asked",
    "message-declined",
  ]);
});

test("empty lines push nothing of a message out of sight, and what is shown is what is sent", async () => {
  const view = await running();
  const text = `Book it${"\n".repeat(60)}${"\u2003\u00A0\r\n".repeat(20)}and cancel the rest\n\nThank you`;
  await view.ask("ui/message", { role: "user", content: [{ type: "text", text }] });
  expect(view.messages).toEqual(["Book it\n\nand cancel the rest\n\nThank you"]);
  expect(view.asked).toEqual([{ kind: "message", text: view.messages[0] }]);
});

test.for([
  undefined,
  [],
  "text",
  [{ type: "text", text: "" }],
  [{ type: "image", data: "", mimeType: "image/png" }],
  [
    { type: "text", text: "a" },
    { type: "image", data: "", mimeType: "image/png" },
  ],
  [{ type: "text", text: "a".repeat(4001) }],
])("what is no text is no message: %j", async (content) => {
  const view = await running();
  expect((await view.ask("ui/message", { role: "user", content })).error?.code).toBe(-32602);
  expect(view.asked).toEqual([]);
});

test("calls and readings go to the server, and its answer comes back as it is", async () => {
  const view = await running();
  view.reply = () => Promise.resolve({ content: [{ type: "text", text: "Done." }], _meta: { page: 2 } });
  const { result } = await view.ask("tools/call", { name: "save", arguments: { day: 3 } });
  expect(result).toEqual({ content: [{ type: "text", text: "Done." }], _meta: { page: 2 } });
  await view.ask("tools/call", { name: "look" });
  await view.ask("resources/read", { uri: "ui://plan/data" });
  expect(view.server).toEqual([
    ["call", "save", { day: 3 }],
    ["call", "look", {}],
    ["read", "ui://plan/data"],
  ]);
  view.reply = () => Promise.reject(new Error("The view may not do this."));
  expect((await view.ask("tools/call", { name: "other" })).error).toEqual({ code: -32000, message: "The view may not do this." });
});

test.for([
  ["tools/call", { name: 7 }],
  ["tools/call", { name: "save", arguments: [] }],
  ["tools/call", { name: "save", arguments: { amount: 1n } }],
  ["resources/read", {}],
  ["ui/update-model-context", { content: "text" }],
  ["ui/update-model-context", { structuredContent: [] }],
] as const)("%s with %o goes nowhere", async ([method, params]) => {
  const view = await running();
  expect((await view.ask(method, params)).error?.code).toBe(-32602);
  expect(view.server).toEqual([]);
});

test("what the line could not carry is refused before it", async () => {
  const view = await running();
  expect((await view.ask("tools/call", { name: "save", arguments: { text: "ä".repeat(31_000) } })).error?.code).toBe(-32000);
  expect((await view.ask("ui/update-model-context", { structuredContent: { text: "a".repeat(70_000) } })).error?.code).toBe(-32000);
  expect(view.server).toEqual([]);
});

test("what the model shall know goes to the server, no more and no less", async () => {
  const view = await running();
  expect((await view.ask("ui/update-model-context", { content: [{ type: "text", text: "Day 3" }], more: 1 })).result).toEqual({});
  await view.ask("ui/update-model-context", {});
  expect(view.server).toEqual([
    ["context", { content: [{ type: "text", text: "Day 3" }] }],
    ["context", {}],
  ]);
});

test("the answer to a display mode is the one that resulted", async () => {
  const view = await running();
  view.display = "fullscreen";
  expect((await view.ask("ui/request-display-mode", { mode: "fullscreen" })).result).toEqual({ mode: "fullscreen" });
  view.display = "inline";
  expect((await view.ask("ui/request-display-mode", { mode: "pip" })).result).toEqual({ mode: "inline" });
  expect(view.notes).toEqual([
    ["mode", "fullscreen"],
    ["mode", "inline"],
  ]);
});
