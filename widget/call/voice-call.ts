import type { VoiceServerMessage } from "../../protocol/voice-frames.ts";
import { defined } from "../thread/defined.ts";
import { CallLink, type CallMessage } from "./call-link.ts";
import { CallNotes } from "./call-notes.ts";
import { CallFault, type CallPorts, type EarsNews, type VoiceNews } from "./call-ports.ts";
import { CallSound } from "./call-sound.ts";
import { type CallChoices, type CallPlace, type CallState, choosable, firstState, type LeftCall } from "./call-state.ts";
import { SpeechOutbox } from "./speech-outbox.ts";

/**
 * A voice call, from the press to its end. It draws nothing: `changed` is called whenever `state` is another one. Once it
 * is over, the next call is a new one.
 */
export class VoiceCall {
  state: CallState;
  readonly voiceCallId: string;
  readonly #ports: CallPorts;
  readonly #place: CallPlace;
  readonly #changed: () => void;
  readonly #sound: CallSound;
  readonly #link: CallLink;
  readonly #speech: SpeechOutbox;
  readonly #notes: CallNotes;
  readonly #unwatch: () => void;

  constructor(place: CallPlace, ports: CallPorts, changed: () => void) {
    this.#place = place;
    this.#ports = ports;
    this.#changed = changed;
    this.voiceCallId = place.left?.voiceCallId ?? ports.newId();
    this.state = firstState(place, ports.memory.choices);
    this.#sound = new CallSound(ports, this.#earsNews(), this.#voiceNews());
    this.#notes = new CallNotes(ports.clock, (fault, isSpoken) => this.#set({ fault, isSpoken }));
    this.#link = new CallLink(this.voiceCallId, ports, {
      ready: () => this.#ready(),
      message: (message) => this.#take(message),
      frame: (frame) => this.#sound.voice?.frame(frame),
      lost: () => this.#lost(),
      check: () => {
        const stats = this.#sound.voice?.stats();
        if (stats !== undefined) this.#link.say(stats);
      },
      over: (why) => this.#finish(why),
      elsewhere: () => {
        this.#stop();
        this.#set({ status: "elsewhere" });
      },
    });
    this.#speech = new SpeechOutbox({ say: (message) => this.#link.speak(message), frame: (frame) => this.#link.send(frame) });
    this.#unwatch = ports.watch({
      offline: () => this.#link.lose(),
      online: () => this.#link.hurry(),
      devices: () => void this.#listDevices(),
      leaving: () => this.#leave(),
      back: () => this.#return(),
    });
  }

  get isOver(): boolean {
    return this.state.status === "over";
  }

  /** How loud the customer is at this moment, from 0 to 1; undefined: not known. */
  get level(): number | undefined {
    return this.#sound.ears?.level;
  }

  /**
   * Call it while a press is handled. Who was not told yet that calls are recorded is, and `agree` goes on. What a page
   * before has left is gone on with, or said to be over. `takeOver`: what ends for it, as `call-start` has it.
   */
  start(takeOver: boolean | string = false): void {
    const { left } = this.#place;
    this.#link.takeOver = takeOver;
    if (left !== undefined) void this.#resume(left);
    else if (this.state.isRecorded && !this.#ports.memory.wasTold) this.#set({ status: "asking" });
    else void this.#begin();
  }

  agree(): void {
    this.#ports.memory.wasTold = true;
    void this.#begin();
  }

  /** Ends the call in the other tab. */
  takeOver(): void {
    this.#link.takeOver = true;
    void this.#begin();
  }

  /** The customer pressed: the microphone may be asked for, and the browser may play. */
  async goOn(): Promise<void> {
    this.#sound.voice?.wake();
    if (this.state.status !== "returned") return;
    this.#set({ status: "lost" });
    if (await this.#openSound(() => Promise.resolve())) this.#link.goOn();
  }

  hangUp(): void {
    this.#finish({ end: "hung-up" });
  }

  mute(isMuted: boolean): void {
    this.#sound.ears?.mute(isMuted);
    this.#link.speak({ type: "mute", muted: isMuted });
    this.#notes.mute(isMuted);
    this.#set({ isMuted });
  }

  /** Push-to-talk: the button is held, or let go. */
  talk(isHeld: boolean): void {
    if (isHeld === this.state.isHeld || (isHeld && !this.#isHeard)) return;
    this.#sound.ears?.talk(isHeld);
    this.#set({ isHeld });
  }

  /** How the customer speaks, from where and through what, and how loud the assistant is. Kept for their next call. */
  choose(change: Partial<CallChoices>): void {
    const { mode } = change;
    if (mode !== undefined) {
      this.talk(false);
      // Whoever holds a button to be heard is not muted beside it.
      if (this.state.isMuted) this.mute(false);
      this.#notes.set("nothing-understood", false);
    }
    this.#sound.choose(change);
    const choices = { ...this.state.choices, ...change };
    this.#ports.memory.choices = choices;
    this.#set({ choices });
  }

  /** The assistant is to be silent. */
  hush(): void {
    void this.#interrupt("button");
  }

  /** What is said while the connection is gone is heard when it is back. */
  get #isHeard(): boolean {
    return this.state.status === "on" || this.state.status === "lost";
  }

  async #begin(): Promise<void> {
    this.#set({ status: "starting" });
    if (!(await this.#openSound(() => this.#link.ask()))) return;
    try {
      await this.#link.begin();
    } catch (error) {
      this.#link.refused(error);
    }
  }

  async #resume(left: LeftCall): Promise<void> {
    this.#set({ status: "lost" });
    if (!this.#link.resume(left.leftAt)) return;
    const mayHear = await this.#ports.mayHear();
    if (this.isOver) return;
    this.#set({ status: "returned" });
    if (mayHear) await this.goOn();
  }

  /** @returns whether it is open */
  async #openSound(mayHear: () => Promise<unknown>): Promise<boolean> {
    try {
      if (!(await this.#sound.open(this.#place.offer, () => this.state.choices, mayHear))) return false;
    } catch (error) {
      if (error instanceof CallFault) this.#finish({ fault: error.fault });
      else this.#link.refused(error);
      return false;
    }
    const { choices, isMuted } = this.state;
    if (isMuted) this.#sound.ears?.mute(true);
    this.#notes.mute(isMuted);
    this.#sound.choose({ mode: choices.mode });
    void this.#listDevices();
    return true;
  }

  #take(message: CallMessage): void {
    const { voice } = this.#sound;
    switch (message.type) {
      case "phase":
        return this.#set({ phase: message.phase });
      case "understood":
        return this.#understood(message);
      case "saying":
        this.#notes.set("not-spoken", false);
        return voice?.begin(message);
      case "said":
        return voice?.end(message);
      case "hush":
        return voice?.hush();
      case "asking":
        return this.#set({ asked: message });
      case "asked":
        return this.#set({ asked: undefined });
      case "trouble":
        return this.#notes.set(message.code, true);
      case "call-end":
        return this.#finish({ end: message.reason });
    }
  }

  #understood({ text, final }: Extract<VoiceServerMessage, { type: "understood" }>): void {
    if (final) this.#speech.understood();
    if (text !== "") this.#notes.understood();
    this.#set({ customerCaption: text, ...(text === "" || this.state.isAudible ? {} : { assistantCaption: "" }) });
  }

  #ready(): void {
    this.#sound.voice?.hush();
    this.#speech.goOn();
    if (this.state.isMuted) this.#link.speak({ type: "mute", muted: true });
    this.#set({ status: "on" });
  }

  #lost(): void {
    // The server says again what was not heard.
    void this.#sound.voice?.cut();
    this.#speech.lost();
    this.#set({ status: "lost" });
  }

  async #interrupt(by: "speech" | "button" | "failed"): Promise<void> {
    const untilMs = await this.#sound.voice?.cut();
    if (untilMs !== undefined) this.#link.say({ type: "cut", untilMs, by });
  }

  /** The page goes: nothing is heard any more, and the call waits for the next one. */
  #leave(): void {
    const { status, isMuted } = this.state;
    if (!this.#isHeard && status !== "returned") return this.#finish({});
    const { conversationId, offer } = this.#place;
    const { leftAt } = this.#link;
    this.#ports.memory.leave({ voiceCallId: this.voiceCallId, conversationId, offer, isMuted, leftAt });
    this.#stop();
    this.#set({ status: "lost" });
  }

  #return(): void {
    const left = this.#ports.memory.take();
    if (left !== undefined && !this.isOver) void this.#resume(left);
  }

  #finish(why: Pick<CallState, "end" | "fault" | "error">): void {
    if (this.isOver) return;
    this.#link.say({ type: "call-end" });
    this.#stop();
    this.#unwatch();
    this.#set({ isHeld: false, isAudible: false, ...why, status: "over" });
  }

  /** Ends every track and the connection, at once. */
  #stop(): void {
    this.#sound.close();
    this.#link.close();
    this.#notes.clear();
  }

  async #listDevices(): Promise<void> {
    this.#set(choosable(this.#place.offer, await this.#ports.devices().catch(() => undefined)));
  }

  #set(change: { readonly [K in keyof CallState]?: CallState[K] | undefined }): void {
    // What comes late changes nothing any more.
    if (this.isOver) return;
    this.state = defined({ ...this.state, ...change }) as CallState;
    this.#changed();
  }

  #earsNews(): EarsNews {
    return {
      say: (message) => this.#speech.add(message),
      frame: (frame) => this.#speech.add(frame),
      doubt: (isDoubt) => this.#sound.voice?.duck(isDoubt),
      interrupt: (by) => void this.#interrupt(by),
      activity: (activity) => {
        this.#notes.set("no-activity", activity === "never");
        this.#set({ activity });
      },
      note: (note, is) => this.#notes.set(note, is, "ears"),
      ended: (fault) => this.#finish({ fault }),
    };
  }

  #voiceNews(): VoiceNews {
    return {
      say: (message) => this.#link.say(message),
      caption: (assistantCaption) => {
        this.#sound.ears?.assistantSays(assistantCaption);
        this.#set({ assistantCaption });
      },
      audible: (isAudible) => {
        this.#sound.ears?.assistantSpeaks(isAudible);
        this.#set({ isAudible });
      },
      failed: () => void this.#interrupt("failed"),
      note: (note, is) => this.#notes.set(note, is, "voice"),
    };
  }
}
