import type { CallPorts } from "../../widget/call/call-ports.ts";
import type { CallChoices, CallPlace, CallState } from "../../widget/call/call-state.ts";
import { firstState } from "../../widget/call/call-state.ts";
import type { Asked } from "./staged-controller.ts";

/** Stands in for the real call: it opens nothing, shows the state it is given and writes down what it is asked. */
export class VoiceCall {
  /** What the next call shows; what all calls were asked. */
  static next: Partial<CallState> = {};
  static readonly asked: Asked[] = [];
  static last: VoiceCall | undefined;
  state: CallState;
  level: number | undefined = 0.6;
  readonly #changed: () => void;

  constructor(place: CallPlace, _: CallPorts, changed: () => void) {
    this.#changed = changed;
    const first = firstState(place, { mode: "hands-free", microphoneId: "", loudspeakerId: "", volume: 1 });
    VoiceCall.last = this;
    this.state = { ...first, activity: "ready", status: "on", ...VoiceCall.next };
  }

  get isOver(): boolean {
    return this.state.status === "over";
  }

  set(change: Partial<CallState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }

  start(): void {}
  agree(): void {
    VoiceCall.asked.push(["agree"]);
    this.set({ status: "on" });
  }
  takeOver(): void {
    VoiceCall.asked.push(["takeOver"]);
  }
  async goOn(): Promise<void> {
    VoiceCall.asked.push(["goOn"]);
  }
  hangUp(): void {
    VoiceCall.asked.push(["hangUp"]);
    this.set({ status: "over", end: "hung-up" });
  }
  hush(): void {
    VoiceCall.asked.push(["hush"]);
  }
  mute(isMuted: boolean): void {
    VoiceCall.asked.push(["mute", isMuted]);
    this.set({ isMuted });
  }
  talk(isHeld: boolean): void {
    VoiceCall.asked.push(["talk", isHeld]);
    this.set({ isHeld });
  }
  choose(change: Partial<CallChoices>): void {
    VoiceCall.asked.push(["choose", change]);
    this.set({ choices: { ...this.state.choices, ...change } });
  }
}
