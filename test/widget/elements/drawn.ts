import type { LitElement } from "lit";
import type { CallDetails, RequestName } from "../../../protocol/frames.ts";
import type { Intent } from "../../../widget/elements/foundation/intents.ts";
import { IntentEvent } from "../../../widget/elements/foundation/intents.ts";
import type { ThreadContext } from "../../../widget/elements/foundation/thread-context.ts";
import { english } from "../../../widget/words/english/words.ts";
import { Formats } from "../../../widget/words/formats.ts";
import { NOW } from "../../story-book/pieces.ts";

/** What parts of a thread need, in English, at the stories' moment. */
export function contextOf({
  readCall,
  ...more
}: Partial<ThreadContext> & { readonly readCall?: (callId: string) => Promise<CallDetails> } = {}): ThreadContext {
  const request = (name: RequestName, frame: { readonly callId?: string }): Promise<unknown> =>
    name === "call-read" && readCall !== undefined
      ? readCall(frame.callId ?? "")
      : Promise.resolve({ callId: frame.callId, content: [], connections: [] });
  return {
    words: english,
    formats: new Formats("en"),
    assistantName: "Anna",
    trace: "full",
    people: undefined,
    server: "https://desk.example.com",
    now: () => NOW,
    request: request as ThreadContext["request"],
    loadOlder: () => Promise.resolve(),
    ...more,
  };
}

/** Puts an element with these properties into the page, in place of the last; resolves when it is drawn. */
export async function drawn<N extends string, E extends LitElement = LitElement>(name: N, properties: object): Promise<E> {
  const element = Object.assign(document.createElement(name), properties) as unknown as E;
  document.body.replaceChildren(element);
  await element.updateComplete;
  return element;
}

/** The element's text as a person reads it. */
export function read(element: Element): string {
  return (element as HTMLElement).innerText.replace(/\s+/g, " ").trim();
}

/** Presses the button with this name. */
export function press(element: ParentNode, name: string): void {
  const button = [...element.querySelectorAll<HTMLElement>("button, summary")].find((one) =>
    (one.ariaLabel ?? one.innerText).trim().startsWith(name),
  );
  if (button === undefined) throw new Error(`There is no button "${name}".`);
  button.click();
}

/** What was wanted of the element while `run` ran. */
export async function wantedBy(element: Element, run: () => unknown): Promise<readonly Intent[]> {
  const wanted: Intent[] = [];
  const listen = (event: IntentEvent): void => void wanted.push(event.intent);
  element.addEventListener(IntentEvent.type, listen as EventListener);
  await run();
  element.removeEventListener(IntentEvent.type, listen as EventListener);
  return wanted;
}
