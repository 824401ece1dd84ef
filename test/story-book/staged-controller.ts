import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CallDetails, CustomerConnection, Replies, RequestName } from "../../protocol/frames.ts";
import type { CardDecision } from "../../widget/controllers/card-decision.ts";
import type { ThreadOwner } from "../../widget/controllers/thread-controller.ts";
import type { ThreadNews } from "../../widget/controllers/thread-news.ts";
import type { ThreadState } from "../../widget/thread/state.ts";
import { emptyThread } from "./pieces.ts";

/** What an element asked its controller to do. */
export type Asked = readonly [method: string, ...arguments_: readonly unknown[]];

const stages = new WeakMap<object, ThreadController>();

/** The stage that an element plays on. */
export function stageOf(element: object): ThreadController {
  const stage = stages.get(element);
  if (stage === undefined) throw new Error("This element has no stage. Is the controller's module replaced in the bundle?");
  return stage;
}

/** Stands in for the real controller: shows the state it is given and writes down what it is asked. */
export class ThreadController implements ReactiveController {
  readonly asked: Asked[] = [];
  reading = false;
  wasOpen = false;
  /** Answers `call-read`. */
  details: (callId: string) => Promise<CallDetails> = (callId) => Promise.resolve({ callId, content: [] });
  /** Answers `connections-list`. */
  connections: readonly CustomerConnection[] = [];
  /** Answers `connection-look`. */
  declined = false;
  /** Answers `connection-start`. */
  signIn: () => Promise<Replies["connection-start"]> = () => Promise.reject(new Error("There is no sign-in on this stage."));
  /** Answers `loadOlder`. */
  older: () => Promise<void> = () => Promise.resolve();
  readonly #host: ReactiveControllerHost;
  readonly #owner: ThreadOwner;
  #state: ThreadState = emptyThread;
  #unread = 0;

  constructor(host: ReactiveControllerHost, owner: ThreadOwner) {
    this.#host = host;
    this.#owner = owner;
    host.addController(this);
    stages.set(host, this);
  }

  get state(): ThreadState {
    return this.#state;
  }

  set state(state: ThreadState) {
    this.#state = state;
    this.#host.requestUpdate();
  }

  get unread(): number {
    return this.#unread;
  }

  set unread(unread: number) {
    this.#unread = unread;
    this.#host.requestUpdate();
  }

  tell(news: ThreadNews): void {
    this.#owner.news?.(news);
  }

  start(): void {
    if (!this.asked.some(([method]) => method === "start")) this.asked.push(["start", this.#owner.place()]);
  }

  send(text: string): string {
    this.asked.push(["send", text]);
    return "message-sent";
  }

  stop(): void {
    this.asked.push(["stop"]);
  }

  retry(turnId: string): void {
    this.asked.push(["retry", turnId]);
  }

  retryMessage(messageId: string): void {
    this.asked.push(["retryMessage", messageId]);
  }

  removeMessage(messageId: string): void {
    this.asked.push(["removeMessage", messageId]);
  }

  decide({ name, frame }: CardDecision): void {
    this.asked.push([name, frame]);
  }

  logout(): void {
    this.asked.push(["logout"]);
  }

  newConversation(): void {
    this.asked.push(["newConversation"]);
  }

  readonly wasInCall = false;

  startCall(): Promise<never> {
    throw new Error("Calls have a stage of their own.");
  }

  loadOlder(): Promise<void> {
    this.asked.push(["loadOlder"]);
    return this.older();
  }

  async request(name: RequestName, frame: { readonly [key: string]: unknown }): Promise<unknown> {
    this.asked.push([name, frame]);
    switch (name) {
      case "call-read":
        return this.details(String(frame["callId"]));
      case "connection-start":
        return this.signIn();
      case "connection-look":
        return { declined: this.declined };
      case "connections-list":
        return { connections: this.connections };
      case "feedback-give":
        return { seq: 99 };
      case "connection-remove":
        this.connections = this.connections.filter(({ connectionId }) => connectionId !== frame["connectionId"]);
        return {};
      default:
        throw new Error(`This stage does not answer "${name}".`);
    }
  }

  hostConnected(): void {}
  hostDisconnected(): void {}
}
