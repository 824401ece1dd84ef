import type { OpenedView } from "../../../protocol/views.ts";
import type { HostContext } from "../../../widget/view/host-context.ts";
import type { ViewQuestion } from "../../../widget/view/view-asks.ts";
import { type CallEnd, ViewHost } from "../../../widget/view/view-host.ts";
import { ManualClock } from "../../support/manual-clock.ts";

export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export const CONTEXT: HostContext = {
  theme: "light",
  locale: "en-GB",
  timeZone: "Europe/Dublin",
  platform: "web",
  deviceCapabilities: { touch: false, hover: true },
  userAgent: "frontdesk",
  displayMode: "inline",
  availableDisplayModes: ["inline"],
  containerDimensions: { width: 360, maxHeight: 600 },
  safeAreaInsets: { top: 0, right: 0, bottom: 0, left: 0 },
  toolInfo: { tool: { name: "plan", inputSchema: { type: "object" } } },
};

export const INITIALIZE = {
  protocolVersion: "2026-01-26",
  appInfo: { name: "Planner", version: "2" },
  appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
};

const OPENED: Pick<OpenedView, "input" | "csp" | "permissions"> = {
  input: {},
  csp: { connectDomains: ["https://maps.example"] },
  permissions: {},
};

/** A host before a view that a test plays, and all that came of it. */
export class Hosted {
  readonly clock = new ManualClock();
  readonly sent: Message[] = [];
  readonly notes: (readonly [what: string, detail?: string | undefined])[] = [];
  readonly asked: ViewQuestion[] = [];
  /** What went to the server, by what it was. */
  readonly server: (readonly unknown[])[] = [];
  readonly messages: string[] = [];
  readonly left: string[] = [];
  modes: readonly string[] | undefined;
  context = CONTEXT;
  /** What the person answers, and the server. */
  answer: boolean | undefined = true;
  reply: () => Promise<unknown> = () => Promise.resolve({ content: [] });
  display = "inline";
  readonly host: ViewHost;
  #lastId = 0;

  constructor({ input = {}, end }: { readonly input?: OpenedView["input"]; readonly end?: CallEnd } = {}) {
    const toServer =
      (what: string) =>
      (...given: unknown[]) => (this.server.push([what, ...given]), this.reply());
    this.host = new ViewHost({
      clock: this.clock,
      opened: { ...OPENED, input },
      end,
      send: (message) => void this.sent.push(structuredClone(message) as Message),
      context: () => this.context,
      note: (what, detail) => void this.notes.push([what, detail]),
      started: (modes) => (this.modes = modes),
      resized: (height) => typeof height === "number" && height < 1000,
      leaves: (why) => void this.left.push(why),
      ask: (question) => (this.asked.push(question), Promise.resolve(this.answer)),
      message: (text) => void this.messages.push(text),
      callTool: toServer("call"),
      readResource: toServer("read"),
      tellModel: toServer("context"),
      display: () => this.display,
    });
  }

  /** The view asks; resolves with the answer. */
  async ask(method: string, params: object = {}): Promise<Message> {
    const id = (this.#lastId += 1);
    this.host.take({ jsonrpc: "2.0", id, method, params });
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
    const answers = this.sent.filter((message) => message.id === id);
    if (answers.length !== 1) throw new Error(`${method} was answered ${answers.length} times.`);
    return answers[0]!;
  }

  tell(method: string, params: object = {}): void {
    this.host.take({ jsonrpc: "2.0", method, params });
  }

  async shakeHands(params: object = INITIALIZE): Promise<Message> {
    const answer = await this.ask("ui/initialize", params);
    this.tell("ui/notifications/initialized");
    return answer;
  }

  /** Methods of what was sent unasked, in order. */
  get told(): readonly string[] {
    return this.sent.flatMap(({ method }) => method ?? []);
  }

  paramsOf(method: string): readonly unknown[] {
    return this.sent.filter((message) => message.method === method).map(({ params }) => params);
  }
}
