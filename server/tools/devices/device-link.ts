import type { Client } from "@modelcontextprotocol/client";
import * as z from "zod";
import type { CallContext, ToolResult } from "../../conversation/ports/tools.ts";
import { ByteBudget } from "../../foundation/byte-budget.ts";
import { again } from "../../foundation/again.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { CallScope } from "../calls/call-scope.ts";
import { heardOf } from "../calls/heard-progress.ts";
import { plainLine } from "../definitions/plain-text.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import { readToolList, type ToolList } from "../definitions/tool-list.ts";
import type { DeviceSdk } from "./device-sdk.ts";
import { answeredResult, brokenResult, notSent, stopped } from "./device-result.ts";
import { DeviceTransport } from "./device-transport.ts";
import { CLOSED, type Closing, type DeviceSeat, type DeviceSocket } from "./ports.ts";

/** Below the half minute after which proxies cut what is idle. A ping also ends the line of a program that died. */
const PING_MS = 20_000;
/** An answer takes no longer, or the device counts as not answering. */
const ANSWER_MS = 10_000;
/** A slow machine starts many programs at once. */
const START_MS = 120_000;
/** A list that does not come by then is asked for again with the next ping. */
const LIST_MS = 15_000;
/** Not even the network answers. */
const GONE_MS = 60_000;
const SILENT_MS = 5 * 60_000;
/** However often it says that its list changed. */
const LIST_PAUSE_MS = 1_000;
const CALL_LIMITS = { silentMs: 60_000, longestMs: 10 * 60_000 };
/** A device does one thing at a time; more of them only wait. */
const MOST_CALLS = 32;
const BUDGET = { bytesASecond: 512 * 1024, burstBytes: 16 * 1024 * 1024 };
/** What a frame costs beside its bytes: a flood of short ones is one too. */
const FRAME_BYTES = 2 * 1024;
/** The client's own limit; ours is the call's patience. */
const NEVER_MS = 2 ** 31 - 1;
const NAME_CHARACTERS = 60;
const anything = z.looseObject({});

export interface DeviceLinkPorts {
  readonly sdk: DeviceSdk;
  readonly clock: Clock;
  readonly log: Log;
  readonly clientVersion: string;
}

/** `starting`: it was not asked for long enough to say. `silent`: its line is open, and it does not answer. */
export type DeviceStanding = "starting" | "answering" | "silent";

/** One device on one socket. We are its client: it lists tools, and we call them. */
export class DeviceLink {
  readonly seat: DeviceSeat;
  readonly connectedAt: number;
  readonly #ports: DeviceLinkPorts;
  readonly #socket: DeviceSocket;
  readonly #client: Client;
  readonly #transport: DeviceTransport;
  readonly #budget: ByteBudget;
  readonly #onListed: () => void;
  #state: "starting" | "ready" | "closed" = "starting";
  #answers = true;
  #heardAt: number;
  /** Of anything at all, pongs too. */
  #signAt: number;
  /** Who wait for a sign of life. */
  #onSign: (() => void)[] = [];
  #calls = 0;
  #list: ToolList | undefined;
  #listFault: string | undefined;
  #callOff: () => void;
  #pauseOff: (() => void) | undefined;

  /** `onListed` hears each time that its tools were read; the first time, it is ready. */
  constructor(socket: DeviceSocket, seat: DeviceSeat, ports: DeviceLinkPorts, told: { onListed: () => void; onClosed: () => void }) {
    const { sdk, clock, clientVersion } = ports;
    this.#ports = ports;
    this.#socket = socket;
    this.seat = seat;
    this.#onListed = told.onListed;
    this.connectedAt = this.#heardAt = this.#signAt = clock.now();
    this.#budget = new ByteBudget(BUDGET, clock);
    this.#transport = new DeviceTransport(socket, sdk);
    this.#client = new sdk.Client({ name: "frontdesk", version: clientVersion }, { capabilities: {}, jsonSchemaValidator: sdk.validators });
    this.#client.setNotificationHandler("notifications/tools/list_changed", () => this.#listChanged());
    socket.onText((text) => this.#take(text));
    socket.onPong(() => this.#sign());
    socket.onClose(() => {
      this.#end();
      told.onClosed();
    });
    this.#callOff = clock.after(PING_MS * (0.8 + clock.random() / 5), () => this.#tick());
    void this.#start();
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  get standing(): DeviceStanding {
    if (!this.#answers) return "silent";
    if (this.#state === "ready") return "answering";
    return this.#ports.clock.now() - this.#heardAt < ANSWER_MS ? "starting" : "silent";
  }

  /** What it calls itself; undefined: it has not said so yet, or nothing that can be read. */
  get saidName(): string | undefined {
    const name = plainLine((this.#client.getServerVersion()?.name ?? "").slice(0, 10 * NAME_CHARACTERS), Infinity);
    if (name.length > NAME_CHARACTERS) return `${name.slice(0, NAME_CHARACTERS).replace(/[\uD800-\uDBFF]$/, "")}…`;
    return name || undefined;
  }

  /** Undefined: it was not read yet. */
  get list(): ToolList | undefined {
    return this.#list;
  }

  /** Why its list could not be read the last time; undefined: it could. */
  get listFault(): string | undefined {
    return this.#listFault;
  }

  /** Reads its list anew; one reading that is waiting is everybody's. Never rejects. */
  readonly refresh = again(() => this.#read());

  /** Whether anybody is at the other end of its line within this time. Many may ask at once. */
  isThere(withinMs: number): Promise<boolean> {
    if (this.isClosed) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const callOff = this.#ports.clock.after(withinMs, () => resolve(false));
    this.#socket.ping();
    const there = (): void => resolve(true);
    this.#onSign.push(there);
    return promise.finally(callOff);
  }

  close({ code, reason }: Closing): void {
    this.#socket.close(code, reason);
    this.#end();
  }

  /** Never throws, and never sends a call twice. `device` is what people call it. */
  async call(
    definition: ToolDefinition,
    input: Readonly<Record<string, unknown>>,
    context: CallContext,
    device: string,
  ): Promise<ToolResult> {
    const { sdk, clock, log } = this.#ports;
    if (!this.isReady) return notSent(`${device} is not connected.`);
    if (this.#calls >= MOST_CALLS) return notSent(`${device} has ${MOST_CALLS} calls under way.`);
    const server = { key: `device/${this.seat.token.id}`, name: device };
    const scope = new CallScope({ context, clock, log, server, limits: CALL_LIMITS, samplingTokens: 0 });
    this.#calls += 1;
    try {
      const raw = await this.#client.request(
        { method: "tools/call", params: { name: definition.said.name, arguments: { ...input } } },
        anything,
        {
          signal: AbortSignal.any([context.signal, scope.silence]),
          timeout: NEVER_MS,
          onprogress: (progress) => heardOf(progress, scope),
        },
      );
      return answeredResult(raw, device);
    } catch (error) {
      if (context.signal.aborted) return stopped(device);
      return brokenResult(error, { device, silent: scope.silence.aborted, sdk });
    } finally {
      this.#calls -= 1;
      scope.end();
    }
  }

  async #start(): Promise<void> {
    try {
      await this.#client.connect(this.#transport, { timeout: NEVER_MS, prior: { kind: "legacy" } });
    } catch (error) {
      if (this.isClosed) return;
      this.#ports.log.warn({ ...this.#named(), error: plainLine(String(error), 300) }, "A device could not be started as an MCP server.");
      return this.close(CLOSED.unfit);
    }
    if (!this.isClosed) this.#state = "ready";
    await this.refresh();
  }

  async #read(): Promise<void> {
    if (this.isClosed) return;
    await this.#readList();
    if (!this.isClosed) this.#onListed();
  }

  async #readList(): Promise<void> {
    if (this.#client.getServerCapabilities()?.tools === undefined) {
      this.#list = { tools: [], leftOut: [], shareable: false };
      return;
    }
    try {
      this.#list = await readToolList((cursor) => this.#ask("tools/list", LIST_MS, cursor === undefined ? {} : { cursor }));
      this.#listFault = undefined;
      for (const { tool, reason } of this.#list.leftOut.slice(0, 20))
        this.#ports.log.warn({ ...this.#named(), tool, reason }, "A tool of a device is left out.");
    } catch (error) {
      this.#listFault = plainLine(error instanceof Error ? error.message : String(error), 300);
    }
  }

  async #ask(method: string, withinMs: number, params: Record<string, unknown> = {}): Promise<unknown> {
    const late = new AbortController();
    const callOff = this.#ports.clock.after(withinMs, () => {
      this.#unanswered();
      late.abort(new Error(`It did not answer ${method} within ${withinMs / 1000} seconds.`));
    });
    try {
      return await this.#client.request({ method, params }, anything, { signal: late.signal, timeout: NEVER_MS });
    } finally {
      callOff();
    }
  }

  #listChanged(): void {
    this.#pauseOff ??= this.#ports.clock.after(LIST_PAUSE_MS, () => {
      this.#pauseOff = undefined;
      void this.refresh();
    });
  }

  #take(text: string): void {
    if (this.isClosed) return;
    if (!this.#budget.take(text.length + FRAME_BYTES)) return this.close(CLOSED.tooMuch);
    this.#sign();
    if (!this.#transport.heard(text)) return;
    this.#heardAt = this.#ports.clock.now();
    this.#answers = true;
  }

  #sign(): void {
    this.#signAt = this.#ports.clock.now();
    const waiting = this.#onSign;
    if (waiting.length === 0) return;
    this.#onSign = [];
    for (const told of waiting) told();
  }

  /** A program that does one thing at a time answers nothing else during a call. */
  #unanswered(): void {
    if (this.#calls === 0) this.#answers = false;
  }

  #tick(): void {
    const { clock } = this.#ports;
    const now = clock.now();
    if (this.isClosed) return;
    if (now - this.#signAt >= GONE_MS) return this.close(CLOSED.silent);
    if (this.#state === "starting" && now - this.connectedAt >= START_MS) return this.close(CLOSED.neverStarted);
    if (this.#calls === 0 && now - this.#heardAt >= SILENT_MS) return this.close(CLOSED.silent);
    this.#socket.ping();
    // A refusal is an answer too.
    if (now - this.#heardAt >= ANSWER_MS) void this.#ask("ping", ANSWER_MS).catch(() => undefined);
    if (this.#state === "ready" && this.#listFault !== undefined) void this.refresh();
    this.#callOff = clock.after(PING_MS, () => this.#tick());
  }

  #end(): void {
    if (this.isClosed) return;
    this.#state = "closed";
    this.#callOff();
    this.#pauseOff?.();
    this.#transport.ended();
  }

  #named(): object {
    return { assistant: this.seat.assistant, token: this.seat.token.id, device: this.saidName };
  }
}
