import "../../../widget/elements/call/call-bar.ts";
import { type CallState, firstState } from "../../../widget/call/call-state.ts";
import type { CallOfBar } from "../../../widget/elements/call/call-bar.ts";
import { contextOf, drawn, press, read } from "./drawn.ts";
import { same } from "./same.ts";

const offer = { hearing: "server", speaking: "server" } as const;
const first: CallState = {
  ...firstState({ conversationId: "c", offer }, { mode: "hands-free", microphoneId: "", loudspeakerId: "", volume: 1 }),
  status: "on",
  activity: "ready",
};

/** A bar in this state, and what it asked of its call. */
async function draw(state: Partial<CallState>, more: object = {}) {
  const asked: unknown[] = [];
  const note =
    (name: string) =>
    (...given: readonly unknown[]): void =>
      void asked.push([name, ...given]);
  const call = {
    level: 0.5,
    ...Object.fromEntries(["agree", "takeOver", "goOn", "hangUp", "mute", "talk", "choose"].map((name) => [name, note(name)])),
  } as unknown as CallOfBar;
  const bar = await drawn("front-desk-call-bar", {
    call,
    state: { ...first, ...state },
    context: contextOf(),
    again: note("again"),
    close: note("close"),
    ...more,
  });
  const names = (): readonly string[] => [...bar.querySelectorAll("button")].map((button) => button.ariaLabel ?? read(button));
  return { bar, asked, names };
}

const stand = (bar: Element): string => read(bar.querySelector(".stand")!);
const note = (bar: Element): string => read(bar.querySelector(".call-note")!);
/** What a screen reader says of itself. */
const announced = (bar: Element): readonly string[] => [...bar.querySelectorAll("[role=status]")].map(read).filter(Boolean);

describe("the bar of a call", () => {
  it("says in words what the call does", async () => {
    const said: string[] = [];
    const states: readonly Partial<CallState>[] = [
      { status: "starting" },
      { status: "lost" },
      {},
      { phase: "understanding" },
      { phase: "thinking" },
      { phase: "working" },
      { phase: "speaking", isAudible: true },
      { phase: "speaking", isAudible: false },
      { isMuted: true },
      { isMuted: true, isAudible: true },
      { choices: { ...first.choices, mode: "push-to-talk" } },
      { choices: { ...first.choices, mode: "push-to-talk" }, isHeld: true },
    ];
    for (const state of states) said.push(stand((await draw(state)).bar));
    same(said, [
      "Connecting …",
      "Reconnecting …",
      "Listening",
      "Understanding …",
      "Thinking …",
      "Working …",
      "Speaking",
      "Thinking …",
      "You are muted",
      "Speaking",
      "Push to talk",
      "Listening",
    ]);
  });

  it("shows what both sides say, and speaks none of it a second time", async () => {
    const { bar } = await draw({ customerCaption: "where is it", assistantCaption: "On its way." });
    same(read(bar.querySelector("[part=captions]")!), "You: where is it Anna: On its way.");
    same(bar.querySelectorAll("[aria-live]").length, 0);
    same(announced(bar), []);
  });

  it("announces that it connects, and that it does so again, beside what is wrong, and nothing else that it does", async () => {
    const { bar } = await draw({ status: "starting" });
    const [line] = bar.querySelectorAll("[role=status]");
    const heard: unknown[] = [announced(bar)];
    for (const change of [
      {},
      { phase: "thinking" },
      { status: "lost" },
      { status: "lost", fault: "silent" },
      { isAudible: true },
    ] as const) {
      Object.assign(bar, { state: { ...first, ...change } });
      await bar.updateComplete;
      heard.push(announced(bar));
    }
    same(heard, [["Connecting …"], [], [], ["Reconnecting …"], ["Reconnecting …", "Your microphone is silent. Is it muted?"], []]);
    // One that is there before its words is announced.
    same(line!.isConnected, true);
  });

  it("mutes, and ends the call", async () => {
    const { bar, asked, names } = await draw({});
    same(names(), ["Mute", "Call settings", "End call"]);
    press(bar, "Mute");
    press(bar, "End call");
    same(asked, [["mute", true], ["hangUp"]]);
    const muted = await draw({ isMuted: true });
    const { ariaPressed, ariaLabel, title } = muted.bar.querySelector<HTMLElement>("[part=mute]")!;
    same([ariaPressed, ariaLabel, title], [null, "Unmute", "Unmute"]);
    press(muted.bar, "Unmute");
    same(muted.asked, [["mute", false]]);
  });

  it("gives whoever is muted a way back, also where they hold a button to be heard", async () => {
    const states: readonly Partial<CallState>[] = [
      { activity: "loading" },
      { activity: "never" },
      { choices: { ...first.choices, mode: "push-to-talk" } },
    ];
    for (const state of states) {
      const { bar, asked } = await draw({ ...state, isMuted: true });
      bar.querySelector<HTMLElement>("[part=mute]")!.focus();
      press(bar, "Unmute");
      same(asked, [["mute", false]]);
      // It goes, and the focus stays in the bar.
      Object.assign(bar, { state: { ...first, ...state } });
      await bar.updateComplete;
      await bar.updateComplete;
      same([bar.querySelector("[part=mute]"), document.activeElement?.ariaLabel], [null, "End call"]);
    }
  });

  it("sets how the customer speaks, by which devices, and how loud the assistant is", async () => {
    const { bar, asked } = await draw({
      microphones: [
        { id: "headset", label: "Headset" },
        { id: "other", label: "" },
      ],
    });
    press(bar, "Call settings");
    await bar.updateComplete;
    const menu = bar.querySelector("[part=call-menu]")!;
    same(
      [...menu.querySelectorAll("option")].map((option) => option.text),
      ["Default", "Headset", "Device 2"],
    );
    menu.querySelectorAll<HTMLInputElement>("[type=radio]")[1]!.click();
    const select = menu.querySelector("select")!;
    select.value = "headset";
    select.dispatchEvent(new Event("change"));
    const range = menu.querySelector<HTMLInputElement>("[type=range]")!;
    range.value = "0.5";
    range.dispatchEvent(new Event("input"));
    same(asked, [
      ["choose", { mode: "push-to-talk" }],
      ["choose", { microphoneId: "headset" }],
      ["choose", { volume: 0.5 }],
    ]);
  });

  it("closes its menu with Escape, and the panel around it stays", async () => {
    const { bar } = await draw({});
    press(bar, "Call settings");
    await bar.updateComplete;
    bar.querySelector<HTMLElement>("[type=radio]")!.focus();
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    document.activeElement!.dispatchEvent(escape);
    await bar.updateComplete;
    same(
      [escape.defaultPrevented, bar.querySelector("[part=call-menu]"), document.activeElement?.ariaLabel],
      [true, null, "Call settings"],
    );
  });

  it("offers push-to-talk where nothing was understood, and while nobody can be heard without it", async () => {
    const { bar, asked } = await draw({ fault: "nothing-understood" });
    press(bar, "Push to talk");
    same(asked, [["choose", { mode: "push-to-talk" }]]);
    const loading = await draw({ activity: "loading" });
    same([note(loading.bar), loading.names()], ["Hands-free will be there in a moment.", ["Call settings", "End call", "Hold to talk"]]);
    const never = await draw({ activity: "never", fault: "no-activity" });
    same(never.names(), ["Call settings", "End call", "Hold to talk"]);
  });

  it("says what decides an approval", async () => {
    same(
      note((await draw({ asked: { approvalId: "a", phrase: "yes, approve it" } })).bar),
      "To approve, say “yes, approve it”, or press the button.",
    );
    same(note((await draw({ asked: { approvalId: "a" } })).bar), "To approve, press the button above.");
  });

  it("offers a new call where the one that was taken over has ended", async () => {
    const { names } = await draw({ status: "over", end: "taken-over" }, { isElsewhere: false });
    same(names(), ["Call again", "Close"]);
  });

  it("asks what has to be asked, with the way out beside it", async () => {
    const pairs: unknown[] = [];
    const states: readonly Partial<CallState>[] = [
      { status: "asking", isRecorded: true },
      { status: "elsewhere" },
      { status: "returned" },
      { status: "over", end: "taken-over" },
      { status: "over", end: "limit" },
      { status: "over", end: "assistant" },
      { status: "over", fault: "denied" },
      { status: "over", fault: "insecure" },
      { status: "over", error: { code: "no-voice", message: "This assistant cannot be called." } },
    ];
    for (const state of states) {
      const { bar, names, asked } = await draw(state, { isElsewhere: true });
      for (const name of names()) press(bar, name);
      pairs.push([note(bar), names(), asked.flat()]);
    }
    same(pairs, [
      ["This call is recorded.", ["Start call", "Cancel"], ["agree", "hangUp"]],
      ["You are in a call in another tab.", ["Take over here", "Cancel"], ["takeOver", "hangUp"]],
      ["Your call goes on.", ["Continue call", "End call"], ["goOn", "hangUp"]],
      ["The call was taken over by another tab.", ["Take over here", "Close"], ["again", "close"]],
      ["The call has ended: it was as long as a call may be. You can call again.", ["Call again", "Close"], ["again", "close"]],
      ["The call has ended, because this assistant takes no calls any more.", ["Close"], ["close"]],
      [
        "This page may not use your microphone. Allow it beside the address of the page, then try again.",
        ["Call again", "Close"],
        ["again", "close"],
      ],
      ["Calls need a secure connection. The address of this page has to begin with https.", ["Close"], ["close"]],
      ["This assistant cannot be called.", ["Close"], ["close"]],
    ]);
  });

  it("shows how loud the customer is, in steps, and nothing while they are muted", async () => {
    const lit = (bar: Element): number => {
      const meter = bar.querySelector("front-desk-level")!;
      return meter.querySelectorAll(".lit").length;
    };
    const { bar } = await draw({});
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    same(lit(bar), 2);
    const muted = await draw({ isMuted: true });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    same(lit(muted.bar), 0);
  });

  it("keeps the focus when what had it goes", async () => {
    const { bar } = await draw({});
    bar.querySelector<HTMLElement>("[part=mute]")!.focus();
    Object.assign(bar, { state: { ...first, status: "over", end: "idle" } });
    await bar.updateComplete;
    await bar.updateComplete;
    same(read(document.activeElement!), "Call again");
  });
});
