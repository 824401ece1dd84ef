import { type Model, ModelError } from "../../conversation/ports/model.ts";
import type { ProviderFailure } from "../../model/transport/failure-kind.ts";
import { readFailure, toModelError } from "../../model/transport/provider-failure.ts";
import { redactKey } from "../../model/transport/redact-key.ts";
import { Channel } from "../engines/channel.ts";
import type { EnginePorts } from "../engines/engine-ports.ts";
import type { SocketTarget } from "../engines/engine-socket.ts";
import type { Transcript } from "../ports/hearing.ts";
import type { RealtimeOptions, RealtimeSession } from "../ports/realtime.ts";
import { SpeechError } from "../ports/speech-error.ts";
import type { Speaking } from "../ports/speaking.ts";
import { refusedBy, speechError } from "../wires/speech-failure.ts";
import { Answering } from "./answering.ts";
import type { ClientEvent, SessionUpdate } from "./client-events.ts";
import { HeardTurns } from "./heard-turns.ts";
import { OwnVoice } from "./own-voice.ts";
import { type Loss, RealtimeConnection } from "./realtime-connection.ts";
import type { ServerEvent } from "./server-events.ts";

/** A session may be open for an hour. Before that another takes its place, between two answers. */
const LONGEST_MS = 55 * 60_000;
/** So long before the end that the provider itself tells. */
const BEFORE_END_MS = 60_000;
/** A letter of most languages, said at the usual speed. */
const MS_PER_CHARACTER = 65;

/** An event is refused soon or never. */
const MOST_WATCHED = 1_000;

export interface SessionTerms {
  readonly target: SocketTarget;
  readonly settings: SessionUpdate;
  readonly speed: number;
}

/** One call: its connection, and another one where that is lost. */
export class OpenedSession implements RealtimeSession {
  readonly transcripts = new Channel<Transcript>();
  readonly model: Model;
  readonly speaking: Speaking;
  readonly #terms: SessionTerms;
  readonly #ports: EnginePorts;
  readonly #signal: AbortSignal;
  readonly #turns: HeardTurns;
  readonly #answering: Answering;
  readonly #onRefused = new Map<string, (failure: ProviderFailure) => void>();
  #connection: RealtimeConnection | undefined;
  /** Why the session is over. */
  #fault: ModelError | undefined;
  readonly #onAbort = (): void => {
    this.#end(new ModelError("unreachable", "The call is over."), () => this.transcripts.fail(this.#signal.reason));
    this.#connection?.cut();
  };

  constructor(terms: SessionTerms, ports: EnginePorts, { signal, speaking }: Pick<RealtimeOptions, "signal" | "speaking">) {
    const { who } = terms.target;
    this.#terms = terms;
    this.#ports = ports;
    this.#signal = signal;
    const voice = new OwnVoice({ name: who, otherwise: speaking });
    this.speaking = voice;
    this.#answering = new Answering(
      {
        who,
        clock: ports.clock,
        send: (event, onRefused) => void this.#send(event, onRefused),
        connect: () => this.#freshen(),
        leave: () => this.#leave(),
        onAnswer: (spoken) => voice.add(spoken),
      },
      { msPerCharacter: MS_PER_CHARACTER / terms.speed },
    );
    this.model = { stream: (request, asking) => this.#answering.stream(request, asking) };
    this.#turns = new HeardTurns({
      clock: ports.clock,
      send: (event) => this.#send(event),
      tell: (transcript) => this.transcripts.put(transcript),
      onWords: (itemId, text) => {
        const item = this.#answering.items.find(itemId);
        if (item !== undefined) item.text = text;
      },
      onSilence: (ms) => this.#fail(speechError("silent", who, `said nothing for ${ms / 1000} s`)),
    });
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    else this.#connect();
  }

  send(pcm: Uint8Array): void {
    if (this.#fault === undefined) this.#turns.send(pcm);
  }

  endTurn(): void {
    if (this.#fault === undefined) this.#turns.endTurn();
  }

  async close(): Promise<void> {
    this.#end(new ModelError("unreachable", "The call is over."), () => this.transcripts.end());
    await this.#connection?.close();
  }

  #connect(): RealtimeConnection {
    const connection = new RealtimeConnection(this.#terms.target, this.#ports, {
      onEvent: (event) => connection === this.#connection && this.#on(event),
      onLost: (loss) => connection === this.#connection && this.#lost(loss),
    });
    this.#connection = connection;
    const onRefused = (failure: ProviderFailure): void => this.#fail(refusedBy(this.#terms.target.who, { ...failure, status: 400 }));
    this.#send({ type: "session.update", session: this.#terms.settings }, onRefused);
    return connection;
  }

  #send(event: ClientEvent, onRefused?: (failure: ProviderFailure) => void): string {
    if (this.#fault !== undefined) return "";
    const id = (this.#connection ?? this.#connect()).send(event);
    if (onRefused !== undefined) this.#onRefused.set(id, onRefused);
    const [oldest] = this.#onRefused.size > MOST_WATCHED ? this.#onRefused.keys() : [];
    if (oldest !== undefined) this.#onRefused.delete(oldest);
    return id;
  }

  #on(event: ServerEvent): void {
    if (this.#answering.on(event)) return;
    switch (event.type) {
      case "error":
        return this.#refused(event.error);
      case "input_audio_buffer.committed":
        this.#answering.items.add({ kind: "user", ids: [event.item_id], text: undefined }, event.previous_item_id);
        return this.#turns.committed(event.item_id);
      case "conversation.item.added":
        return this.#answering.items.place(event.item.id ?? "", event.previous_item_id);
      case "conversation.item.input_audio_transcription.delta":
        return this.#turns.understoodMore(event.item_id, event.delta ?? "");
      case "conversation.item.input_audio_transcription.completed":
        return this.#turns.understood(event.item_id, event.transcript);
      case "conversation.item.input_audio_transcription.failed":
        if (this.#turns.notUnderstood(event.item_id)) return;
        return this.#fail(refusedBy(this.#terms.target.who, this.#failureIn(event.error)));
      default:
    }
  }

  #refused(error: Extract<ServerEvent, { type: "error" }>["error"]): void {
    const failure = this.#failureIn(error);
    const id = error.event_id ?? "";
    const onRefused = this.#onRefused.get(id);
    this.#onRefused.delete(id);
    if (onRefused !== undefined) onRefused(failure);
    else if (this.#turns.refused(id)) return;
    else if (this.#connection?.isReady !== true) this.#fail(refusedBy(this.#terms.target.who, failure), failure);
    else if (error.code === "session_expired") this.#leave();
    else if (id === "") this.#answering.failed(failure);
  }

  #failureIn(error: unknown): ProviderFailure {
    const failure = readFailure({ error });
    return { ...failure, message: redactKey(failure.message, this.#ports.apiKey) };
  }

  /** Before an answer: a session that will soon be over is left for a new one. */
  #freshen(): void {
    if (this.#fault !== undefined) throw this.#fault;
    const { openedAt, expiresAt } = this.#connection?.times ?? {};
    if (openedAt === undefined) return;
    const endsAt = Math.min(openedAt + LONGEST_MS, (expiresAt ?? Number.POSITIVE_INFINITY) - BEFORE_END_MS);
    // A session that is shorter than that is used until its end.
    if (this.#ports.clock.now() >= Math.max(endsAt, openedAt + BEFORE_END_MS)) this.#leave();
  }

  /** What was said of a turn that is still open goes to the next connection. */
  #leave(): void {
    const error = speechError("broken", this.#terms.target.who, "ended the session");
    const connection = this.#connection;
    this.#lost({ error, mayReturn: true });
    void connection?.close();
  }

  #lost({ error, refusal, mayReturn }: Loss): void {
    this.#connection = undefined;
    this.#onRefused.clear();
    if (!mayReturn) return this.#fail(error, refusal);
    this.#answering.lost(asModelError(error));
    if (!this.#turns.hasAudio) return;
    this.#connect();
    if (!this.#turns.sendAgain()) this.#fail(error);
  }

  #fail(error: SpeechError, refusal?: ProviderFailure): void {
    const { target } = this.#terms;
    const { apiKey } = this.#ports;
    const fault = refusal === undefined ? asModelError(error) : toModelError(refusal, target.who);
    const safe = new ModelError(fault.kind, redactKey(fault.message, apiKey));
    this.#end(safe, () => this.transcripts.fail(new SpeechError(error.kind, redactKey(error.message, apiKey))));
    this.#connection?.cut();
  }

  #end(fault: ModelError, tell: () => void): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#turns.close();
    this.#answering.lost(fault);
    tell();
  }
}

/** A failure of the session as one of its model. */
function asModelError({ kind, message }: SpeechError): ModelError {
  if (kind === "unreachable" || kind === "silent") return new ModelError("unreachable", message);
  if (kind === "busy") return new ModelError("overloaded", message);
  return new ModelError(kind === "broken" || kind === "bad-audio" ? "broken" : "misconfigured", message);
}
