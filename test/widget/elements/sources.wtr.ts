import type { CallDetails } from "../../../protocol/frames.ts";
import "../../../widget/elements/calls/sources.ts";
import { callOf } from "../../story-book/pieces.ts";
import { comes } from "./comes.ts";
import { contextOf, drawn, press, read } from "./drawn.ts";
import { same } from "./same.ts";

const failed = callOf({ callId: "call-two", outcome: "failed", durationMs: 61_000, tool: { ...callOf().tool, title: "Track parcel" } });

const until = (element: Element, text: string): Promise<boolean> => comes(`"${text}"`, () => read(element).includes(text));

describe("sources", () => {
  it("are folded away, and open to server, tool, outcome and duration", async () => {
    const sources = await drawn("front-desk-sources", { calls: [callOf(), failed], context: contextOf() });
    same(read(sources), "Sources (2)");
    press(sources, "Sources");
    await sources.updateComplete;
    same([...sources.querySelectorAll("li")].map(read), ["Look up order Orders Done · 0.4 sec", "Track parcel Orders Failed · 1 min"]);
  });

  it("show the raw call, read only when its row is opened", async () => {
    const reads: string[] = [];
    const details: CallDetails = {
      callId: "call-look-up",
      arguments: { order_id: "1042" },
      content: [{ kind: "text", text: '{"status":"shipped"}' }],
      structured: { a: 1 },
      cutToBytes: 16_000,
    };
    const context = contextOf({ readCall: (callId) => (reads.push(callId), Promise.resolve(details)) });
    const sources = await drawn("front-desk-sources", { calls: [callOf()], context });
    press(sources, "Sources");
    await sources.updateComplete;
    same(reads, []);
    press(sources, "Look up order");
    await until(sources, "shipped");
    same(reads, ["call-look-up"]);
    same(
      [...sources.querySelectorAll("pre")].map((block) => JSON.parse(block.textContent)),
      [{ order_id: "1042" }, { status: "shipped" }, { a: 1 }],
    );
    same(read(sources).includes("Only the first 16 kB are shown."), true);
  });

  it("say when a call cannot be read, and try again", async () => {
    let tries = 0;
    const context = contextOf({
      readCall: (callId) =>
        (tries += 1) === 1 ? Promise.reject(new Error("lost")) : Promise.resolve({ callId, content: [{ kind: "text", text: "here" }] }),
    });
    const sources = await drawn("front-desk-sources", { calls: [callOf()], context });
    press(sources, "Sources");
    await sources.updateComplete;
    press(sources, "Look up order");
    await until(sources, "could not be loaded");
    press(sources, "Try again");
    await until(sources, "here");
  });

  it("open to a plain sentence where the owner shows summaries", async () => {
    const context = contextOf({ trace: "summary", readCall: () => Promise.reject(new Error("must not be asked")) });
    const sources = await drawn("front-desk-sources", { calls: [callOf()], context });
    press(sources, "Sources");
    await sources.updateComplete;
    press(sources, "Look up order");
    await until(sources, "The assistant used “Look up order” of Orders. Result: Done.");
  });

  it("do not open where the owner hides calls", async () => {
    const sources = await drawn("front-desk-sources", { calls: [callOf()], context: contextOf({ trace: "hidden" }) });
    press(sources, "Sources");
    await sources.updateComplete;
    same(sources.querySelectorAll("li button").length, 0);
  });
});
