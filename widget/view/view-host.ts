import type { OpenedView, SANDBOX_VIEW_LEFT, ViewNote, ViewToolResult } from "../../protocol/views.ts";
import { toJson } from "../native/to-json.ts";
import type { Clock } from "../thread/clock.ts";
import { Allowance } from "./allowance.ts";
import type { HostContext } from "./host-context.ts";
import { asks, type Asking } from "./view-asks.ts";
import { BAD_PARAMS, isObject, NO_METHOD, NO_REQUEST, readMessage, REFUSED, ViewFault, type Params } from "./view-message.ts";

/** Its type alone: its module would bring zod into the browser. */
const LEFT: typeof SANDBOX_VIEW_LEFT = "ui/notifications/sandbox-view-left";
const VERSION = "2026-01-26";
/** Messages at once, and more each second; what comes beyond is not heard. */
const MESSAGES = 200;
const MESSAGES_PER_SECOND = 50;
/** So many unheard ones end the view. */
const STORM = 2_000;
/** How long a view may take to say good-bye. */
const TEARDOWN_MS = 1_000;
const NOTES = 100;

export interface ViewHostPorts extends Asking {
  readonly clock: Clock;
  readonly opened: Pick<OpenedView, "input" | "csp" | "permissions">;
  /** What came of the call; absent while it goes on. */
  readonly end?: CallEnd | undefined;
  /** To the view. */
  readonly send: (message: object) => void;
  readonly context: () => HostContext;
  readonly note: (what: ViewNote, detail?: string) => void;
  /** It shook hands. `modes`: the display modes that it knows. */
  readonly started: (modes: readonly string[]) => void;
  /** It says how high it is. Returns whether it may be. */
  readonly resized: (height: unknown) => boolean;
  /** It wants to be closed, does not stop talking, or went elsewhere. */
  readonly leaves: (why: "asked" | "storm" | "left") => void;
}

/** `ui/notifications/tool-result`, or `tool-cancelled` with a sentence. */
export type CallEnd = { readonly result: ViewToolResult } | { readonly cancelled: string };

/**
 * The host's side of MCP Apps (2026-01-26) for one drawing of a view, above a channel that lets through nothing but this
 * view's messages. Nothing is sent before `initialized`, except answers; then the input, once, then the result.
 */
export class ViewHost {
  readonly #ports: ViewHostPorts;
  readonly #messages: Allowance;
  #phase: "new" | "greeted" | "running" | "over" = "new";
  #unheard = 0;
  #end: CallEnd | undefined;
  /** What the view knows of its surroundings, by member, as JSON. */
  #told: Readonly<Record<string, string>> = {};
  #noted = 0;
  #wasTooLarge = false;
  #saidBye: (() => void) | undefined;

  constructor(ports: ViewHostPorts) {
    this.#ports = ports;
    this.#end = ports.end;
    this.#messages = new Allowance(ports.clock, MESSAGES, MESSAGES_PER_SECOND);
  }

  /** A message of the view. */
  take(data: unknown): void {
    const message = readMessage(data);
    if (message === undefined || this.#phase === "over") return;
    if (!this.#messages.take()) {
      this.#unheard += 1;
      if (this.#unheard === STORM) this.#ports.leaves("storm");
      return;
    }
    if (message.kind === "request") void this.#answer(message.id, message.method, message.params);
    else if (message.kind === "notification") this.#hear(message.method, message.params);
    else if (message.id === BYE) this.#saidBye?.();
  }

  /** The call has ended while the view was there. */
  ended(end: CallEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (this.#phase === "running") this.#tellEnd();
  }

  /** Something around the view may have changed: it hears what did. */
  refresh(): void {
    if (this.#phase !== "running") return;
    const changes = this.#changes();
    if (Object.keys(changes).length > 0) this.#notify("ui/notifications/host-context-changed", changes);
  }

  /** Says good-bye; resolves when the view has, or had its time. Nothing is heard after it. */
  async teardown(reason: string): Promise<void> {
    if (this.#phase === "running") {
      await new Promise<void>((resolve) => {
        const callOff = this.#ports.clock.after(TEARDOWN_MS, resolve);
        this.#saidBye = () => (callOff(), resolve());
        this.#ports.send({ jsonrpc: "2.0", id: BYE, method: "ui/resource-teardown", params: { reason } });
      });
    }
    this.#phase = "over";
  }

  /** The view is gone. */
  end(): void {
    this.#phase = "over";
    this.#saidBye?.();
  }

  async #answer(id: string | number, method: string, params: Params): Promise<void> {
    const reply = await this.#do(method, params).then(
      (result) => ({ result }),
      (error: unknown) => ({
        error: { code: error instanceof ViewFault ? error.code : REFUSED, message: error instanceof Error ? error.message : String(error) },
      }),
    );
    if (this.#phase !== "over") this.#ports.send({ jsonrpc: "2.0", id, ...reply });
  }

  async #do(method: string, params: Params): Promise<unknown> {
    if (method === "ping") return {};
    if (method === "ui/initialize") return this.#greet(params);
    const ask = Object.hasOwn(asks, method) ? asks[method] : undefined;
    if (ask === undefined) {
      this.#note("refused", method);
      throw new ViewFault(NO_METHOD, `This host does not do ${method.slice(0, 100)}.`);
    }
    if (this.#phase === "new") throw new ViewFault(NO_REQUEST, "ui/initialize comes first.");
    return ask(params, this.#ports, this.#note);
  }

  #greet(params: Params): object {
    const fault = greetingFault(params);
    if (fault !== undefined) {
      this.#note("initialize-refused", fault);
      throw new ViewFault(BAD_PARAMS, fault);
    }
    const { appInfo, appCapabilities } = params as { appInfo: { name: string; version: string }; appCapabilities: Params };
    const { availableDisplayModes: modes } = appCapabilities;
    // Said again, it is answered again; what the view was given is not given twice.
    if (this.#phase === "new") {
      this.#phase = "greeted";
      this.#ports.started(Array.isArray(modes) ? modes : []);
      this.#note("initialized", `${appInfo.name} ${appInfo.version}`);
    }
    const { csp, permissions } = this.#ports.opened;
    this.#told = {};
    return {
      protocolVersion: VERSION,
      hostInfo: { name: "Frontdesk", version: "1" },
      hostCapabilities: {
        openLinks: {},
        serverTools: {},
        serverResources: {},
        logging: {},
        message: { text: {} },
        updateModelContext: { text: {}, structuredContent: {} },
        sandbox: { csp, permissions },
      },
      hostContext: this.#changes(),
    };
  }

  #hear(method: string, params: Params): void {
    // Nobody but the sandbox can say so.
    if (method === LEFT) this.#ports.leaves("left");
    else if (method === "ui/notifications/initialized" && this.#phase === "greeted") {
      this.#phase = "running";
      this.refresh();
      this.#notify("ui/notifications/tool-input", { arguments: this.#ports.opened.input });
      this.#tellEnd();
    } else if (this.#phase !== "new") {
      if (method === "ui/notifications/size-changed") this.#size(params["height"]);
      else if (method === "notifications/message") this.#note("log", logText(params));
      else if (method === "ui/notifications/request-teardown") this.#ports.leaves("asked");
    }
  }

  #size(height: unknown): void {
    if (height === undefined || this.#ports.resized(height) || this.#wasTooLarge) return;
    this.#wasTooLarge = true;
    this.#note("size", typeof height === "number" ? `${height}` : typeof height);
  }

  #tellEnd(): void {
    const end = this.#end;
    if (end === undefined) return;
    if ("result" in end) this.#notify("ui/notifications/tool-result", end.result);
    else this.#notify("ui/notifications/tool-cancelled", { reason: end.cancelled });
  }

  /** What of the surroundings the view does not know yet. */
  #changes(): object {
    const now = this.#ports.context();
    const told = Object.fromEntries(Object.entries(now).map(([name, value]) => [name, toJson(value)]));
    const before = this.#told;
    this.#told = told;
    return Object.fromEntries(Object.entries(now).filter(([name]) => told[name] !== before[name]));
  }

  #notify(method: string, params: object): void {
    this.#ports.send({ jsonrpc: "2.0", method, params });
  }

  /** Not for ever. */
  readonly #note = (what: ViewNote, detail?: string): void => {
    this.#noted += 1;
    if (this.#noted <= NOTES) this.#ports.note(what, detail);
  };
}

const BYE = "frontdesk-teardown";

/** What is missing in a `ui/initialize`. */
function greetingFault({ appInfo, appCapabilities, protocolVersion }: Params): string | undefined {
  const missing = [
    typeof protocolVersion === "string" ? "" : "protocolVersion",
    isObject(appCapabilities) ? "" : "appCapabilities",
    ...["name", "version"].map((member) => (isObject(appInfo) && typeof appInfo[member] === "string" ? "" : `appInfo.${member}`)),
  ].filter(Boolean);
  return missing.length === 0 ? undefined : `ui/initialize lacks ${missing.join(", ")}.`;
}

function logText({ level, logger, data }: Params): string {
  const said = typeof data === "string" ? data : safeJson(data);
  return [level, logger, said].filter((part) => typeof part === "string" && part !== "").join(": ");
}

function safeJson(data: unknown): string {
  try {
    return toJson(data) ?? "";
  } catch {
    return "";
  }
}
