import { RequestError } from "../../../protocol/errors.ts";
import type { EventDraft, EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import type { ViewToolResult } from "../../../protocol/views.ts";
import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Journal } from "../journal/journal.ts";
import type { FindApprover } from "../ports/approvers.ts";
import { type Assistant, permissionOf } from "../ports/assistant.ts";
import type { Assistants } from "../ports/assistants.ts";
import { assistantName, type Conversation, type Store } from "../ports/store.ts";
import { ResourceError, type ResourceContents, type Tool } from "../ports/tools.ts";
import type { AdmissionContext } from "../turn/admission-context.ts";
import { withFilled } from "../turn/bound-arguments.ts";
import { type OpenedTools, openTools, type ToolsPlace } from "../turn/opened-tools.ts";
import { AskedCalls } from "./asked-calls.ts";
import { contextText } from "./context-text.ts";
import { endOfCall, eventsOfCall } from "./end-of-call.ts";
import { leftCall, refused, ViewCalls } from "./view-calls.ts";
import type { OfView, ViewAtHand, ViewCustomer, ViewDesk } from "./view-desk.ts";
import { ViewLimits } from "./view-limits.ts";
import { viewedCall } from "./viewed-call.ts";

export interface ViewSidePorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly assistants: Assistants;
  readonly approvers: FindApprover;
  readonly tools: ToolsPlace["ports"]["tools"];
  readonly facts?: ToolsPlace["ports"]["facts"];
  readonly clock: Clock;
  readonly log: Log;
}

/** Whose view it is, and what holds for it at this moment. */
interface Place {
  readonly conversation: Conversation;
  readonly call: EventOf<"tool-call-proposed">;
  readonly assistant: Assistant;
}

const NOTE_CHARACTERS = 500;

/** The side of the desk that views are served by. */
export class ViewSide implements ViewDesk {
  readonly #ports: ViewSidePorts;
  readonly #calls: ViewCalls;
  readonly #limits: ViewLimits;
  readonly #asked: AskedCalls;
  readonly #leaving = new AbortController();

  constructor(ports: ViewSidePorts) {
    this.#ports = ports;
    this.#calls = new ViewCalls(ports);
    this.#asked = new AskedCalls(ports.clock);
    this.#limits = new ViewLimits(ports.clock);
  }

  async open(customer: ViewCustomer, of: OfView): Promise<ViewAtHand> {
    const place = await this.#place(customer, of);
    const { conversation, call } = place;
    const { store } = this.#ports;
    const tool = await this.#ownTool(place, customer);
    const edited = await store.findEdit(conversation.id, call.callId);
    const ran = edited?.type === "approval-decided" ? (edited.arguments ?? {}) : (call.arguments ?? {});
    return { call, tool, input: withFilled(ran, call), ...(await endOfCall(store, conversation.id, call)) };
  }

  async tool(customer: ViewCustomer, of: OfView): Promise<Tool> {
    return this.#ownTool(await this.#place(customer, of), customer);
  }

  async call(customer: ViewCustomer, request: ParsedRequest<"view-call">): Promise<ViewToolResult> {
    const { conversationId, callId: viewId, requestId } = request;
    const place = await this.#place(customer, request);
    // No id of a client is one of ours: theirs may be another conversation's.
    const callId = sha256Hex(`view's call ${conversationId} ${viewId} ${requestId}`).slice(0, 40);
    const asked = this.#asked.find(callId);
    if (asked !== undefined) return asked;
    const running = this.#call(customer, place, { request, callId });
    this.#asked.keep(callId, running);
    return running;
  }

  async read(customer: ViewCustomer, request: ParsedRequest<"view-read">): Promise<readonly ResourceContents[]> {
    const { conversationId, callId, uri } = request;
    const place = await this.#place(customer, request);
    const giveBack = await this.#begin(customer, request, "read");
    try {
      const { view } = await this.#ownTool(place, customer);
      const contents = await view!.read(uri, this.#leaving.signal);
      this.#limits.gave(
        conversationId,
        callId,
        contents.reduce((sum, { text, blob }) => sum + (text ?? blob ?? "").length, 0),
      );
      await this.#note(request, "read", uri);
      return contents;
    } catch (error) {
      if (!(error instanceof ResourceError)) throw error;
      await this.#note(request, "read", `${uri}: ${error.message}`);
      throw refused(error.said);
    } finally {
      giveBack();
    }
  }

  async tell(customer: ViewCustomer, request: ParsedRequest<"view-context">): Promise<void> {
    const { conversationId, callId } = request;
    const { call } = await this.#place(customer, request);
    this.#limits.tells(conversationId, callId);
    await this.#append(conversationId, { type: "view-context", callId, tool: call.tool, text: contextText(request) });
  }

  async note(customer: ViewCustomer, request: Parameters<ViewDesk["note"]>[1]): Promise<void> {
    await this.#place(customer, request);
    await this.#note(request, request.what, request.detail);
  }

  /** Hears everything that is written. */
  hear(events: readonly JournalEvent[]): void {
    this.#calls.hear(events);
  }

  /** Ends a call that an earlier process left under way, if it is a view's. */
  async endLeft({ conversationId, callId }: OfView): Promise<void> {
    const { store, journal, clock } = this.#ports;
    if (this.#calls.has(callId)) return;
    const call = await store.findCall(conversationId, callId);
    if (call?.type !== "tool-call-proposed" || call.byView === undefined) return;
    const events = leftCall(await eventsOfCall(store, conversationId, call));
    if (events.length > 0) await journal.append({ conversationId, events, at: clock.now() });
  }

  /** This process leaves: what is under way is ended, and may write so until `graceMs` are over. */
  async drain(graceMs: number): Promise<void> {
    this.#leaving.abort();
    this.#calls.close();
    const grace = Promise.withResolvers<void>();
    const callOff = this.#ports.clock.after(graceMs, grace.resolve);
    await Promise.race([Promise.allSettled(this.#asked.all), grace.promise]);
    callOff();
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #call(
    customer: ViewCustomer,
    place: Place,
    { request, callId }: { readonly request: ParsedRequest<"view-call">; readonly callId: string },
  ): Promise<ViewToolResult> {
    const { store } = this.#ports;
    const { conversationId, name } = request;
    if ((await store.findCall(conversationId, callId)) !== undefined)
      throw refused("This was asked for before. What came of it is in the conversation.");
    const giveBack = await this.#begin(customer, request, "call");
    try {
      const tool = await this.#calledTool(place, customer, request);
      return await this.#calls.run({
        conversationId,
        callId,
        view: place.call,
        tool,
        arguments: request.arguments,
        context: () => this.#context(place, customer),
        mayAsk: () => this.#limits.mayAsk(conversationId, request.callId),
        rejected: () => this.#limits.rejected(conversationId, request.callId),
        gave: (bytes) => {
          this.#limits.gave(conversationId, request.callId, bytes);
          this.#asked.weigh(callId, bytes);
        },
      });
    } catch (error) {
      if (error instanceof RequestError && error.code === "view-refused")
        await this.#note(request, "call-refused", `${name}: ${error.detail ?? ""}`);
      throw error;
    } finally {
      giveBack();
    }
  }

  /** Throws `RequestError` `view-busy`, and notes that once. */
  async #begin(customer: ViewCustomer, of: OfView, what: "call" | "read"): Promise<() => void> {
    try {
      return this.#limits.begin(of.conversationId, of.callId, what);
    } catch (error) {
      if (error instanceof RequestError && this.#limits.isNews(of.conversationId, of.callId))
        await this.#note(of, "call-refused", error.detail ?? error.message);
      throw error;
    }
  }

  /** Its conversation, its call and its assistant. Throws `RequestError`. */
  async #place(customer: ViewCustomer, { conversationId, callId }: OfView): Promise<Place> {
    const { store, assistants } = this.#ports;
    const conversation = await store.find(conversationId);
    if (conversation === undefined || conversation.customerId !== customer.id || assistantName(conversation) !== customer.assistant)
      throw new RequestError("unknown-conversation");
    const assistant = assistants.find(customer.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    return { conversation, assistant, call: await viewedCall(store, conversationId, callId) };
  }

  #opened({ conversation, assistant }: Place, { sessionId }: ViewCustomer): Promise<OpenedTools> {
    const { store, journal, tools, clock, facts } = this.#ports;
    const ports = { store, journal, tools, clock, ...(facts === undefined ? {} : { facts }) };
    const signal = this.#leaving.signal;
    return openTools({ ports, conversation, message: { sessionId }, keepOf: () => undefined, signal }, assistant);
  }

  /** The tool whose view it is, as it is offered now. Throws `RequestError` `no-view`. */
  async #ownTool(place: Place, customer: ViewCustomer): Promise<Tool> {
    const { server, tool: name } = place.call.tool;
    const { toolbox } = await this.#opened(place, customer);
    const tool = toolbox.tools.find(({ reference }) => reference.server === server && reference.tool === name);
    if (tool?.view === undefined || isDisabled(place, tool)) throw new RequestError("no-view");
    return tool;
  }

  /** A tool of the view's own server that views may call. Throws `RequestError` `view-refused`. */
  async #calledTool(place: Place, customer: ViewCustomer, { name }: { readonly name: string }): Promise<Tool> {
    const { server } = place.call.tool;
    const { toolbox, forViews } = await this.#opened(place, customer);
    const own = toolbox.tools.find(({ reference }) => reference.server === server && reference.tool === place.call.tool.tool);
    if (own?.view === undefined || isDisabled(place, own)) throw new RequestError("no-view");
    const isMeant = ({ reference }: Tool): boolean => reference.server === server && reference.tool === name;
    const tool = forViews.find(isMeant);
    if (tool !== undefined && !isDisabled(place, tool)) return tool;
    if (tool !== undefined) throw refused(`"${name}" is switched off for this assistant.`);
    throw refused(
      toolbox.tools.some(isMeant) ? `"${name}" is not for views.` : `The view's server has no tool "${name}" that may be used here.`,
    );
  }

  async #context(place: Place, customer: ViewCustomer): Promise<AdmissionContext | undefined> {
    const { assistants, clock, approvers } = this.#ports;
    const assistant = assistants.find(customer.assistant);
    if (assistant === undefined) return undefined;
    const { toolbox, forViews } = await this.#opened({ ...place, assistant }, customer);
    const byName = new Map(forViews.map((tool) => [tool.name, tool]));
    return {
      assistant,
      turn: { calls: new Map() },
      // What was granted was granted to the model's calls.
      grants: [],
      // A view is its server's words.
      readForeign: place.call.tool.trusted !== true,
      clock,
      approvers,
      tool: (name) => byName.get(name),
      unavailable: new Set(toolbox.unavailable.map(({ server }) => server)),
    };
  }

  async #note({ conversationId, callId }: OfView, what: EventOf<"view-noted">["what"], detail?: string): Promise<void> {
    const may = this.#limits.mayNote(conversationId, callId);
    if (may === "no") return;
    const said = detail === undefined || detail === "" ? {} : { detail: detail.toWellFormed().slice(0, NOTE_CHARACTERS) };
    await this.#append(
      conversationId,
      may === "last" ? { type: "view-noted", callId, what: "quiet" } : { type: "view-noted", callId, what, ...said },
    );
  }

  async #append(conversationId: string, event: EventDraft): Promise<void> {
    const { journal, clock } = this.#ports;
    await journal.append({ conversationId, events: [event], at: clock.now() });
  }
}

function isDisabled({ assistant }: Pick<Place, "assistant">, { reference }: Tool): boolean {
  return permissionOf(assistant, reference.server, reference.tool).permission === "disabled";
}
