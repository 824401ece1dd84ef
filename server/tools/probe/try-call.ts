import type { CallContext, ConnectionNeed, InputRequest } from "../../conversation/ports/tools.ts";
import { argumentFaults } from "../definitions/argument-faults.ts";
import { callByHand } from "../mcp/call-by-hand.ts";
import { authKindOf, isRemote, longestCallMs, type McpServerSettings } from "../mcp/servers/settings.ts";
import type { Fault } from "../mcp/servers/fault.ts";
import type { ServerEntry } from "../mcp/servers/ports.ts";
import type { McpLink } from "../mcp/wire/mcp-link.ts";
import { loadMcpSdk } from "../mcp/wire/mcp-sdk.ts";
import { Attempt, type AttemptPorts } from "./attempt.ts";
import type { CallByHand, TriedCall, TriedNeed } from "./prober.ts";
import { WireRecord } from "./wire-record.ts";

/** One call by hand with all that was said on the way. Never rejects, and ends by the server's own limits. */
export async function tryCall(ports: AttemptPorts, entry: ServerEntry, request: CallByHand, signal: AbortSignal): Promise<TriedCall> {
  const sdk = await loadMcpSdk();
  const { settings } = entry;
  const record = new WireRecord(() => performance.now());
  const attempt = new Attempt(ports, sdk, entry, record);
  const asked: InputRequest[] = [];
  let connectMs: number | undefined;
  const ended = (end: Omit<TriedCall, keyof Told>): TriedCall => ({ ...end, ...told(record, settings, connectMs) });
  const unfit = await argumentFaults(request.tool.inputSchema, request.arguments);
  if (unfit.length > 0) {
    const cause = unfit.map(({ path, message }) => `${path.slice(1)}: ${message}`).join("\n");
    return ended({ outcome: "refused", content: [], cause, unfit });
  }
  const late = new AbortController();
  const callOff = ports.clock.after(longestCallMs(settings) + settings.connectTimeoutMs, () => late.abort());
  const either = AbortSignal.any([signal, late.signal]);
  let link: McpLink | undefined;
  try {
    link = await attempt.inTime(async (limited) => attempt.link(settings, limited), either);
    connectMs = Math.round(record.elapsedMs);
    const { tool: definition, arguments: input, callId } = request;
    const context = handContext(callId, either, (question) => asked.push(question));
    let refusal: Fault | undefined;
    const onRefused = (fault: Fault): void => void (refusal = fault);
    const end = await callByHand(link, { definition, input, context, settings, clock: ports.clock, sdk, onRefused });
    const known = refusal === undefined ? {} : { refusal };
    if ("content" in end) {
      const { outcome, content, structured, cause } = end;
      const more = { ...(structured === undefined ? {} : { structured }), ...(cause === undefined ? {} : { cause }) };
      return ended({
        outcome,
        content,
        ...more,
        ...known,
        ...needsOf(settings, asked, outcome === "failed" && attempt.challenge !== undefined),
      });
    }
    if (end.outcome === "paused") {
      const needs = answersNeeded(settings, Object.values(end.inputs));
      return ended({ outcome: "refused", content: [], cause: needs.message, needs });
    }
    const needs = signInNeeded(settings);
    return ended({ outcome: "refused", content: [], cause: needs.message, needs, ...lackingOf(end.need, needs.message) });
  } catch (error) {
    const { kind, message } = attempt.faultOf(error);
    const needs = kind === "authentication" && authKindOf(settings) === "oauth" ? { needs: signInNeeded(settings) } : {};
    return ended({ outcome: "failed", content: [], cause: message, ...needs });
  } finally {
    callOff();
    void link?.close();
  }
}

/** Nobody is there to be asked; `onAsked` hears what was. */
function handContext(callId: string, signal: AbortSignal, onAsked: (question: InputRequest) => void): CallContext {
  return {
    callId,
    signal,
    onProgress: () => undefined,
    ask: async (question) => {
      onAsked(question);
      return { kind: "input", action: "cancel" };
    },
    sample: async () => ({ kind: "refused", cause: "A tool that is tried out by hand has no model to ask." }),
    onTask: async () => undefined,
    // As an assistant would call: with what the server lets in, not with the rights of whoever tries.
    depth: 1,
  };
}

type Told = Pick<TriedCall, "durationMs" | "isError" | "timing" | "headers" | "messages" | "leftOutMessages">;

function told(record: WireRecord, settings: McpServerSettings, connectMs: number | undefined): Told {
  const { firstByteMs, sinceCallMs } = record;
  return {
    durationMs: Math.round(record.elapsedMs),
    isError: record.isError,
    timing: {
      ...(connectMs === undefined ? {} : { connectMs }),
      ...(firstByteMs === undefined ? {} : { firstByteMs: Math.round(firstByteMs) }),
      ...(sinceCallMs === undefined ? {} : { callMs: Math.round(sinceCallMs) }),
      wholeMs: Math.round(record.elapsedMs),
    },
    headers: isRemote(settings) ? [...Object.keys(settings.headers), ...(settings.auth.kind === "oauth" ? ["Authorization"] : [])] : [],
    messages: record.messages,
    leftOutMessages: record.leftOut,
  };
}

/** A server of the legacy era asks while it runs. It was told `cancel`, and went on as it does then. */
function needsOf(settings: McpServerSettings, asked: readonly InputRequest[], challenged: boolean): { readonly needs?: TriedNeed } {
  if (asked.length > 0) return { needs: answersNeeded(settings, asked) };
  return challenged && authKindOf(settings) === "oauth" ? { needs: signInNeeded(settings) } : {};
}

function answersNeeded({ name }: McpServerSettings, asked: readonly object[]): TriedNeed {
  const questions = asked.map((one) =>
    "message" in one && typeof one.message === "string" ? one.message : "It asks our model to say something.",
  );
  return {
    kind: "answers",
    message: `${name} asks the person behind the call, which a try has not. The question was cancelled. Try this tool in a conversation.`,
    questions,
  };
}

function signInNeeded({ name, key }: McpServerSettings): TriedNeed {
  return {
    kind: "sign-in",
    message: `${name} wants a sign-in, and a try has only the shared one. Connect a shared account of "${key}", or try this tool in a conversation of a customer who signed in.`,
    questions: [],
  };
}

function lackingOf({ reason }: ConnectionNeed, message: string): Pick<TriedCall, "refusal"> {
  return reason === "scope" ? {} : { refusal: { kind: "authentication", message, beforeSending: false, signIn: reason } };
}
