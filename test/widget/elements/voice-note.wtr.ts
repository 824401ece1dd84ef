import "../../../widget/elements/call/voice-note.ts";
import "../../../widget/elements/thread/answer.ts";
import { loadMarkdown } from "../../../widget/elements/thread/answer.ts";
import { UNHEARD } from "../../../widget/elements/call/voice-notes.styles.ts";
import type { SpeechCut, VoiceCallEvent } from "../../../widget/thread/state.ts";
import { NOW } from "../../story-book/pieces.ts";
import { comes } from "./comes.ts";
import { contextOf, read } from "./drawn.ts";
import { same } from "./same.ts";

const context = contextOf();
const cutAt = (written: string, heard: number, more: Partial<SpeechCut> = {}): SpeechCut => ({
  type: "speech-cut",
  seq: 5,
  at: NOW,
  voiceCallId: "voice-call-1",
  kind: "answer",
  turnId: "turn-1",
  step: 0,
  text: written.slice(0, heard),
  unheard: written.slice(heard),
  cutBy: "speech",
  ...more,
});

/** The note under an answer, and what of the answer is drawn weaker. */
async function draw(written: string, event: SpeechCut | VoiceCallEvent | undefined): Promise<{ note: HTMLElement; weak: () => string }> {
  await loadMarkdown();
  const answer = Object.assign(document.createElement("front-desk-answer"), {
    context,
    answer: { kind: "text", step: 0, text: written, open: false },
  });
  const note = Object.assign(document.createElement("front-desk-voice-note"), { event, written, context });
  document.body.replaceChildren(answer, note);
  await comes("The note", () => note.childElementCount > 0);
  const weak = (): string =>
    [...(CSS.highlights.get(UNHEARD) ?? [])]
      .map((range) => (range as Range).cloneContents().textContent)
      .join("|")
      .replace(/\s+/g, " ")
      .trim();
  return { note, weak };
}

describe("what a thread says of speech", () => {
  it("where an answer was cut, by the last words that were heard; the rest is weaker", async () => {
    const written = "Order **1042** left our workshop on Tuesday. It comes on **Friday**.";
    const { note, weak } = await draw(written, cutAt(written, written.indexOf(" It comes")));
    same([read(note), weak()], ["You interrupted after “left our workshop on Tuesday”", "It comes on Friday."]);
  });

  it("that nothing of it was heard", async () => {
    const { note, weak } = await draw("On its **way**.", cutAt("On its **way**.", 0));
    same([read(note), weak()], ["You interrupted before this was heard", "On its way."]);
  });

  it("behind a link, in a list, before a block of code", async () => {
    const written = "See [your orders](https://shop.example/orders-2026):\n\n1. Pack it\n2. Send it\n\n```sh\nnpm start\n```\n\nDone.";
    const { weak } = await draw(written, cutAt(written, written.indexOf(" it\n\n```")));
    same(/^it.*npm start.*Done\.$/.test(weak()), true);
  });

  it("who cut it, and that the call broke off", async () => {
    const texts: string[] = [];
    for (const cutBy of ["speech", "button", "lost"] as const)
      texts.push(read((await draw("One two", cutAt("One two", 3, { cutBy }))).note));
    same(texts, ["You interrupted after “One”", "You stopped it after “One”", "The voice broke off after “One”"]);
  });

  it("of an answer that was written on after it was cut", async () => {
    const written = "One two three. Four five.";
    const { note } = await draw(written, cutAt("One two three.", 7));
    same(read(note), "You interrupted after “One two”");
  });

  it("follows the answer: it is weaker again when it is drawn anew, and no longer when it goes", async () => {
    const { note, weak } = await draw("One two", cutAt("One two", 3));
    const answer = note.previousElementSibling!;
    answer.querySelector("p")!.textContent = "One other";
    await comes("The highlight", () => weak() === "other");
    note.remove();
    same(weak(), "");
    answer.after(note);
    await comes("The highlight", () => weak() === "other");
  });

  it("that a message was spoken, and when a call began and how long it was", async () => {
    same(read((await draw("", undefined)).note), "Spoken");
    const started = {
      type: "voice-call-started",
      seq: 1,
      at: NOW,
      voiceCallId: "v",
      by: { kind: "customer", id: "c" },
      via: "page",
    } as const;
    same(/^Call started \d{1,2}:00/.test(read((await draw("", started)).note)), true);
    const ended = (durationMs: number, reason: "hung-up" | "limit") =>
      ({ type: "voice-call-ended", seq: 2, at: NOW, voiceCallId: "v", reason, durationMs }) as const;
    same(read((await draw("", ended(184_000, "hung-up"))).note), "Call ended · 3 min");
    same(read((await draw("", ended(12_400, "hung-up"))).note), "Call ended · 12 sec");
    same(
      read((await draw("", ended(1_800_000, "limit"))).note),
      "Call ended · 30 min The call has ended: it was as long as a call may be. You can call again.",
    );
  });
});
