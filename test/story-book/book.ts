import "../../widget/elements/panel/front-desk.ts";
import { RequestRefusedError } from "../../widget/line/line.ts";
import { misplaced } from "./misplaced.ts";
import { NOW } from "./pieces.ts";
import { stageOf } from "./staged-controller.ts";
import { stories } from "./stories.ts";
import type { Story } from "./story.ts";
import { VoiceCall } from "./staged-call.ts";
import { answerOf, textSides } from "./text-sides.ts";
import { tooWide } from "./too-wide.ts";

// Times that are shown count from the stories' own moment.
Date.now = () => NOW;

export const names: readonly string[] = Object.keys(stories);
export { answerOf, misplaced, stageOf, textSides, tooWide, VoiceCall };
export * as pieces from "./pieces.ts";

export type Look = Readonly<Partial<Record<"theme" | "mode" | "lang" | "accent" | "position" | "font", string>>>;

/** Opens the book at a story; resolves when all of it is drawn. */
export async function show(name: string, look: Look = {}): Promise<void> {
  const story = stories[name];
  if (story === undefined) throw new Error(`There is no story "${name}".`);
  const element = document.createElement("front-desk");
  for (const [attribute, value] of Object.entries({ server: "https://desk.example", assistant: "shop", ...look }))
    element.setAttribute(attribute, value);
  if (look.font !== undefined) element.style.setProperty("--frontdesk-font", look.font);
  dress(stageOf(element), story);
  document.querySelector("front-desk")?.remove();
  document.body.append(element);
  await element.updateComplete;
  if (story.closed !== true) element.open();
  await settled();
  await act(element, story);
  await settled();
}

/** Puts on the stage what the story is about. */
function dress(
  stage: ReturnType<typeof stageOf>,
  { state, unread = 0, connections = [], signIn, opens, declined = false, details, call = {} }: Story,
): void {
  VoiceCall.next = call;
  VoiceCall.asked.length = 0;
  stage.state = state;
  stage.unread = unread;
  stage.connections = connections;
  stage.declined = declined;
  if (opens !== undefined) window.open = () => (opens === "nothing" ? null : standInWindow(opens === "closed"));
  stage.signIn = () =>
    signIn === undefined
      ? Promise.resolve({ url: "https://desk.example/connect/ticket-1", proof: "proof" })
      : Promise.reject(new RequestRefusedError(signIn));
  if (details !== undefined) stage.details = () => Promise.resolve(details);
}

/** Does what the customer does in the story. */
async function act(element: HTMLElement, { typed, press = [], opens, draft }: Story): Promise<void> {
  // What comes late comes to rest.
  if (typed !== undefined) await settled();
  for (const [label, text] of Object.entries(typed ?? {})) type(element, label, text);
  for (const label of press) {
    button(element, label).click();
    await settled();
  }
  // That a window was closed is seen by looking.
  const isSeen = (): boolean =>
    /was closed|did not allow/.test(element.shadowRoot?.querySelector("front-desk-thread")?.shadowRoot?.textContent ?? "");
  while (opens === "closed" && !isSeen()) await settled();
  if (draft === undefined) return;
  const field = element.shadowRoot?.querySelector("textarea");
  if (field == null) throw new Error("There is no text field.");
  field.value = draft;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Two frames: what one began, the next has shown. */
export async function settled(): Promise<void> {
  for (let count = 0; count < 2; count += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Resolves when nothing moves any more, except what moves for ever. */
export async function still(): Promise<void> {
  const element = document.querySelector("front-desk");
  const animations = rootsOf(element)
    .flatMap((root) => root.getAnimations())
    .filter((animation) => animation.effect?.getTiming().iterations !== Infinity);
  await Promise.all(animations.map((animation) => animation.finished.catch(() => undefined)));
}

/** A window that shows nothing. */
function standInWindow(closed: boolean): Window {
  return { closed, document: { body: { append() {} } }, location: {}, focus() {}, close() {} } as unknown as Window;
}

/** The panel's root and those within it. */
function rootsOf(host: Element | null): readonly ShadowRoot[] {
  const root = host?.shadowRoot;
  const within = root?.querySelectorAll("front-desk-thread, front-desk-connections") ?? [];
  return [root, ...Array.from(within, (element) => element.shadowRoot)].filter((one) => one != null);
}

/** Puts a text into the field with this label. */
function type(host: Element, label: string, text: string): void {
  for (const root of rootsOf(host)) {
    for (const candidate of root.querySelectorAll("label")) {
      const field = candidate.control;
      if (candidate.innerText.replace(/\s+/g, " ").trim() !== label || !(field instanceof HTMLInputElement)) continue;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
  }
  throw new Error(`There is no field "${label}".`);
}

/** The button with a name that starts with `label`, at any depth. */
function button(host: Element, label: string): HTMLElement {
  for (const root of rootsOf(host)) {
    for (const candidate of root.querySelectorAll("button")) {
      if ((candidate.ariaLabel ?? candidate.innerText).trim().startsWith(label)) return candidate;
    }
  }
  throw new Error(`There is no button "${label}".`);
}
