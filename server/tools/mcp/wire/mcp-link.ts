import type { Client, Tool as SdkTool } from "@modelcontextprotocol/client";
import * as z from "zod";
import type { ResourceContents } from "../../../conversation/ports/tools.ts";
import { heardOf } from "../../calls/heard-progress.ts";
import type { CallScope } from "../../calls/call-scope.ts";
import { headerParameterFault } from "../../definitions/header-parameters.ts";
import type { ToolDefinition } from "../../definitions/tool-definition.ts";
import { readToolList, type ToolList } from "../../definitions/tool-list.ts";
import { aboutServer, type AboutServer } from "./about-server.ts";
import type { CallAnswer, CallRequest } from "./call-request.ts";
import { askedPages, PAGES_FIRST } from "./asked-pages.ts";
import type { ConversationPlace } from "./conversation-fetch.ts";
import { SessionLostError, sessionLoss } from "./lost-session.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { signInNeed } from "./needs-sign-in-error.ts";
import type { OpenedTransport } from "./open-transport.ts";
import { unreadableAnswer } from "./readable-message.ts";
import { requestResource } from "./request-resource.ts";
import { OpenRequests, type ServerQuestions } from "./server-questions.ts";
import { AnswerLostError, watchedRequest } from "./watched-request.ts";
import { taskKey, type Watch } from "./watched-transport.ts";
import type { Wire } from "./wires-of.ts";

/** After so long without an exchange a legacy session may have been forgotten by its server. */
const SURE_MS = 10_000;
const PING_MS = 2_000;
const GOODBYE_MS = 1_000;
/** The client's own limit, which cannot wait for people: ours is the call's patience. */
const NEVER_MS = 2 ** 31 - 1;
const METHOD_NOT_FOUND = -32601;

export interface LinkParts {
  readonly sdk: McpSdk;
  readonly client: Client;
  readonly opened: OpenedTransport;
  readonly wire: Wire;
  readonly place: ConversationPlace;
  readonly now: () => number;
  readonly onListChanged: () => void;
  /** Called when the other side ends the link. */
  readonly onEnded: (() => void) | undefined;
  /** What the server may ask of us: whether for our model. Undefined: nothing at all. */
  readonly asks: { readonly sampling: boolean } | undefined;
}

/** A link to one MCP server, ready for calls. `openLink` makes it. */
export class McpLink {
  readonly wire: Wire;
  /** What the server is shown of this conversation with every request. */
  readonly place: ConversationPlace;
  readonly #sdk: McpSdk;
  readonly #client: Client;
  readonly #opened: OpenedTransport;
  readonly #now: () => number;
  readonly #requests = new OpenRequests();
  readonly #visited = new Map<string, () => void>();
  #open = true;
  /** We are leaving, so that its end is ours. */
  #left = false;
  #doubtful = false;
  /** The server has forgotten the session. */
  #lost = false;
  #lastExchangeAt: number;
  #lastTrouble: Error | undefined;

  constructor({ sdk, client, opened, wire, place, now, onListChanged, onEnded, asks }: LinkParts) {
    this.#sdk = sdk;
    this.#client = client;
    this.#opened = opened;
    this.wire = wire;
    this.place = place;
    this.#now = now;
    this.#lastExchangeAt = now();
    client.onclose = () => {
      const ended = this.#open && !this.#left;
      this.#open = false;
      if (ended) onEnded?.();
    };
    client.onerror = (error) => {
      this.#doubtful = true;
      this.#lastTrouble = error;
    };
    client.setNotificationHandler("notifications/tools/list_changed", onListChanged);
    client.setNotificationHandler("notifications/elicitation/complete", ({ params }) => this.#visited.get(params.elicitationId)?.());
    if (asks !== undefined) this.#requests.attend(sdk, client, asks);
    if (this.#modern && client.getServerCapabilities()?.tools?.listChanged === true) {
      // Not waited for: a server that is slow to acknowledge costs nothing, and without the stream the list's time to
      // live still counts.
      void client.listen({ toolsListChanged: true }).catch(() => undefined);
    }
  }

  /** Whether neither side has ended it. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether a change of the server's list would be heard. */
  get listening(): boolean {
    return this.#open && !this.#doubtful;
  }

  /** The protocol's revision that both sides speak, such as `2025-11-25`. */
  get protocolRevision(): string | undefined {
    return this.#client.getNegotiatedProtocolVersion();
  }

  /** What the server says of itself. */
  get about(): AboutServer | undefined {
    return aboutServer(this.#client.getServerVersion());
  }

  get #modern(): boolean {
    return this.#client.getProtocolEra() === "modern";
  }

  /**
   * Whether the other side still knows us, asked where it could have forgotten: once a call has left, it is too late to
   * know.
   */
  async isThere(): Promise<boolean> {
    if (!this.#open || this.#lost) return false;
    const sure = !this.#doubtful && this.#now() - this.#lastExchangeAt < SURE_MS;
    if (sure || this.#modern || this.wire === "stdio") return true;
    try {
      await this.#client.ping({ timeout: PING_MS });
    } catch (error) {
      // A server that does not know `ping` has answered all the same.
      if (!(error instanceof this.#sdk.ProtocolError) || error.code !== METHOD_NOT_FOUND) return false;
    }
    this.#doubtful = false;
    this.#lastExchangeAt = this.#now();
    return this.#open;
  }

  /** All pages of the list, for as long as the caller lets it. Throws what the MCP client throws, or `SessionLostError`. */
  async listTools(signal: AbortSignal): Promise<ToolList> {
    if (this.#client.getServerCapabilities()?.tools === undefined) return { tools: [], leftOut: [], shareable: true };
    const headersCount = this.#modern && this.wire !== "stdio";
    const list = await readToolList(
      (cursor) =>
        this.#request("tools/list", signal, () =>
          this.#client.request({ method: "tools/list", params: cursor === undefined ? {} : { cursor } }, { signal, timeout: NEVER_MS }),
        ),
      ({ inputSchema }) => (headersCount ? headerParameterFault(inputSchema) : undefined),
    );
    this.#lastExchangeAt = this.#now();
    return list;
  }

  /** Throws what the MCP client throws, `NeedsSignInError` or `SessionLostError`. */
  readResource(uri: string, signal: AbortSignal): Promise<readonly ResourceContents[]> {
    return this.#knowing(signal, () => requestResource(this.#client, this.#opened, uri, { signal, timeout: NEVER_MS }));
  }

  /** Sends one request of a call. Never throws. */
  async call(definition: ToolDefinition, request: CallRequest, scope: CallScope, questions: ServerQuestions): Promise<CallAnswer> {
    const { signal } = scope.context;
    const lost = new AbortController();
    const finished = new AbortController();
    const watch: Watch = { sent: false, onLost: () => lost.abort(new AnswerLostError()), signal: finished.signal };
    // A copy: the watched transport knows the call by this very object.
    const { meta, ...rest } = request;
    const params = {
      name: definition.tool,
      ...rest,
      ...(meta && { _meta: meta }),
      arguments: { ...request.arguments },
      ...this.#asTask(definition),
    };
    this.#lastTrouble = undefined;
    this.#opened.transport.watch(params.arguments, watch);
    try {
      await this.#requests.run(questions, () =>
        this.#client.callTool(params, {
          signal: AbortSignal.any([signal, lost.signal, scope.silence]),
          timeout: NEVER_MS,
          onprogress: (progress) => heardOf(progress, scope),
          // Gives the headers that mirror arguments, without a list of this link's own. The result is read by us, not
          // checked by the client.
          toolDefinition: { name: definition.tool, inputSchema: definition.inputSchema } as SdkTool,
        }),
      );
      this.#lastExchangeAt = this.#now();
      return { kind: "answered", raw: watch.raw };
    } catch (error) {
      // Ends a stream that the server would keep open for an answer that nobody waits for any more.
      finished.abort();
      if (signal.aborted) return { kind: "stopped", sent: watch.sent };
      const need = signInNeed(error) ?? this.#opened.lacks();
      if (need !== undefined) return { kind: "sign-in", need };
      if (await this.#hasLostSession(error)) return { kind: "session-lost", error };
      const unreadable = unreadableAnswer(error, this.#sdk);
      this.#doubtful = unreadable !== undefined || !(error instanceof this.#sdk.ProtocolError);
      if (unreadable !== undefined) return { kind: "broken", error: unreadable, sent: true };
      if (error instanceof this.#sdk.ProtocolError && error.code === PAGES_FIRST)
        return { kind: "pages", elicitations: askedPages(error.data) };
      const reason: unknown = lost.signal.aborted ? (this.#lastTrouble ?? lost.signal.reason) : this.#withTrouble(error);
      return { kind: "broken", error: reason, sent: watch.sent };
    } finally {
      this.#opened.transport.unwatch(params.arguments);
    }
  }

  /**
   * Asks for, answers or cancels a task, and gives the raw result. `timeoutMs` absent: as long as the signal lets it.
   * Throws what the MCP client throws, or `SessionLostError`.
   */
  async task(
    method: "tasks/get" | "tasks/result" | "tasks/update" | "tasks/cancel",
    params: { readonly taskId: string; readonly inputResponses?: Readonly<Record<string, object>> },
    questions: ServerQuestions,
    limits: { readonly signal: AbortSignal; readonly timeoutMs?: number },
  ): Promise<unknown> {
    const { signal, timeoutMs = NEVER_MS } = limits;
    const raw = await this.#requests.run(questions, () =>
      this.#request(taskKey(method, params.taskId), signal, () =>
        this.#client.request({ method, params }, z.looseObject({}), { signal, timeout: timeoutMs }),
      ),
    );
    this.#lastExchangeAt = this.#now();
    return raw;
  }

  /** Resolves when the server says that what was to be done on a page is done. `forget` in any case. */
  visited(elicitationId: string): { readonly done: Promise<void>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#visited.set(elicitationId, resolve);
    return { done: promise, forget: () => void this.#visited.delete(elicitationId) };
  }

  /** Says goodbye where there is a session, for a second at most, and lets go. */
  async close(): Promise<void> {
    this.#left = true;
    if (this.#open) {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, GOODBYE_MS);
      await Promise.race([this.#opened.endSession().catch(() => undefined), patience.promise]);
      clearTimeout(timer);
    }
    this.#open = false;
    await this.#client.close().catch(() => undefined);
  }

  #request(key: string, signal: AbortSignal, request: () => Promise<unknown>): Promise<unknown> {
    return this.#knowing(signal, () => watchedRequest(this.#opened, key, signal, request));
  }

  /** A request whose errors say what a link knows of them. */
  async #knowing<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (!signal.aborted && (await this.#hasLostSession(error))) throw new SessionLostError(error);
      throw unreadableAnswer(error, this.#sdk) ?? error;
    }
  }

  /** Whether an error means that the session is over. Where its words may be about something else, the server is asked. */
  async #hasLostSession(error: unknown): Promise<boolean> {
    const inSession = this.wire === "sse" || (this.wire === "streamable-http" && this.#opened.transport.sessionId !== undefined);
    if (this.#modern || !inSession) return false;
    const loss = sessionLoss(error, this.#sdk);
    if (loss === undefined) return false;
    if (loss === "perhaps") {
      const again: unknown = await this.#client.ping({ timeout: PING_MS }).catch((refusal: unknown) => refusal);
      if (sessionLoss(again, this.#sdk) === undefined) return false;
    }
    return (this.#lost = true);
  }

  /** In the legacy era the caller decides whether a call is a task; in the extension the server does. */
  #asTask({ taskSupport }: ToolDefinition): { task?: Record<string, never> } {
    const takesTasks = !this.#modern && this.#client.getServerCapabilities()?.tasks?.requests?.tools?.call !== undefined;
    return takesTasks && taskSupport !== undefined ? { task: {} } : {};
  }

  /** "Connection closed" is all that the client says of a transport that broke; what broke it was reported aside. */
  #withTrouble(error: unknown): unknown {
    const closed = error instanceof this.#sdk.SdkError && error.code === "CONNECTION_CLOSED";
    return closed && this.#lastTrouble !== undefined ? new Error("the connection was closed", { cause: this.#lastTrouble }) : error;
  }
}
