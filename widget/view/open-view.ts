import type { OpenedView, ViewNote } from "../../protocol/views.ts";
import type { Clock } from "../thread/clock.ts";
import type { ViewFailure } from "../words/types/view-words.ts";
import { FrameLine } from "./frame-line.ts";
import type { HostContext } from "./host-context.ts";
import { KeptFocus } from "./kept-focus.ts";
import type { Asking } from "./view-asks.ts";
import { ViewHeight } from "./view-height.ts";
import { type CallEnd, ViewHost } from "./view-host.ts";

/** How long the sandbox's document may load, and how long the view in it may then take until `ui/initialize`. */
const LOAD_MS = 30_000;
const START_MS = 8_000;
/** What a person may press in a card that waits for them, of whatever kind. */
const ASKING = ".card .button";

export interface OpenViewPorts extends Asking {
  readonly frame: HTMLIFrameElement;
  readonly opened: OpenedView;
  readonly clock: Clock;
  readonly context: () => HostContext;
  /** The highest that it may be in the thread, in CSS pixels. */
  readonly most: () => number;
  readonly note: (what: ViewNote, detail?: string) => void;
  readonly started: (modes: readonly string[]) => void;
  readonly failed: (why: ViewFailure) => void;
}

const NOTED: { readonly [why in ViewFailure]?: ViewNote } = {
  blocked: "failed",
  "not-started": "not-started",
  left: "left",
  storm: "failed",
};

/** One view in its frame, from its loading to its end. */
export class OpenView {
  readonly #ports: OpenViewPorts;
  readonly #host: ViewHost;
  readonly #line: FrameLine;
  readonly #height: ViewHeight;
  readonly #focus: KeptFocus;
  readonly #sizes = new ResizeObserver(() => this.refresh());
  readonly #looks = new MutationObserver(() => this.refresh());
  readonly #theme = matchMedia("(prefers-color-scheme: dark)");
  readonly #origin: string;
  #isLoaded = false;
  #hasStarted = false;
  #callOff: () => void;

  constructor(ports: OpenViewPorts) {
    this.#ports = ports;
    const { frame, opened, clock } = ports;
    this.#origin = new URL(opened.url).origin;
    this.#height = new ViewHeight({
      clock,
      most: ports.most,
      isAsked: () => (frame.getRootNode() as ParentNode & Node).querySelector(ASKING) !== null,
      apply: (height) => (frame.style.blockSize = `${height}px`),
    });
    this.#host = new ViewHost({
      ...ports,
      end: callEnd(opened),
      send: (message) => this.#line.send(message),
      resized: (height) => this.#height.say(height),
      leaves: (why) => this.#fail(why),
      started: (modes) => {
        this.#hasStarted = true;
        this.#callOff();
        ports.started(modes);
      },
    });
    this.#line = new FrameLine(frame, this.#origin, (data) => this.#host.take(data));
    this.#focus = new KeptFocus(frame, clock, () => this.#fail("storm"));
    this.#callOff = clock.after(LOAD_MS, () => this.#fail("not-started"));
    frame.addEventListener("load", this.#loaded);
    document.addEventListener("securitypolicyviolation", this.#violated);
    this.#theme.addEventListener("change", this.refresh);
    this.#sizes.observe(frame);
    // The widget's own attribute `theme` is on the outermost.
    for (let root = frame.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode())
      this.#looks.observe(root.host, { attributeFilter: ["theme", "style", "class"] });
  }

  /** Something around it may have changed. */
  readonly refresh = (): void => {
    // In a panel that is closed, nothing has a size.
    if (this.#ports.frame.clientWidth > 0) this.#host.refresh();
  };

  /** The call has ended, as `view-open` says now. */
  ended(opened: OpenedView): void {
    const end = callEnd(opened);
    if (end) this.#host.ended(end);
  }

  /** Says good-bye to the view first. */
  async close(reason: string): Promise<void> {
    await this.#host.teardown(reason);
    this.end();
  }

  end(): void {
    this.#callOff();
    this.#host.end();
    this.#line.close();
    this.#height.end();
    this.#focus.end();
    this.#sizes.disconnect();
    this.#looks.disconnect();
    this.#theme.removeEventListener("change", this.refresh);
    this.#ports.frame.removeEventListener("load", this.#loaded);
    document.removeEventListener("securitypolicyviolation", this.#violated);
  }

  readonly #loaded = (): void => {
    if (this.#isLoaded) return this.#fail("left");
    this.#isLoaded = true;
    // The document is loaded when all in it is: by then the view may have begun.
    if (this.#hasStarted) return;
    this.#callOff();
    this.#callOff = this.#ports.clock.after(START_MS, () => this.#fail("not-started"));
  };

  /** The page's own policy names the frames that it may have. */
  readonly #violated = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent): void => {
    if (!blockedURI.startsWith(this.#origin) || !/^(frame|child|default)-src/.test(effectiveDirective)) return;
    console.warn(`Frontdesk: this page's Content-Security-Policy blocks the views of tools. Add ${this.#origin} to frame-src.`);
    this.#fail("blocked");
  };

  #fail(why: ViewFailure): void {
    const what = NOTED[why];
    if (what) this.#ports.note(what, why);
    this.#ports.failed(why);
  }
}

function callEnd({ result, cancelled }: OpenedView): CallEnd | undefined {
  return result ? { result } : cancelled === undefined ? undefined : { cancelled };
}
