import { expect, test } from "vitest";
import { isOwnEcho } from "../../../widget/call/own-echo.ts";

const said = "Your order left our workshop on Tuesday. It should be with you on Friday.";

test.each(["your order left", "Our workshop on Tuesday", "it should be with you on fried day", "", "…"])(
  "the assistant's own words are no customer's: %s",
  (heard) => {
    expect(isOwnEcho(heard, said)).toBe(true);
  },
);

test.each(["stop", "no wait", "what about the other one", "I want to return your lamp please"])(
  "what the customer says is: %s",
  (heard) => {
    expect(isOwnEcho(heard, said)).toBe(false);
  },
);
