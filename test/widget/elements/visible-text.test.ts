import { expect, test } from "vitest";
import { visibleText } from "../../../widget/elements/cards/card/visible-text.ts";

test.for([
  0x7, 0xd, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200e, 0x200f, 0x202e, 0x2063, 0x2067, 0x206f, 0x2800, 0x3164, 0xfeff, 0xffa0,
  0x1d173, 0xe0041, 0xe0101, 0xe01ef,
])("what cannot be seen is spelled out: %i", (point) => {
  const name = point.toString(16).toUpperCase().padStart(4, "0");
  expect(visibleText(`a${String.fromCodePoint(point)}b`)).toBe(`a⟨U+${name}⟩b`);
});

test.for(["Ünïcode, 日本語, עברית, नमस्ते", "👩‍👧 ❤️", "a\tb\nc", "می‌خواهم"])("what can be seen stays as it is: %s", (text) => {
  expect(visibleText(text)).toBe(text);
});
