import { RequestError } from "../../../protocol/errors.ts";
import type { Reply } from "../../../protocol/frames.ts";
import { StoreUnwritableError } from "../../conversation/ports/errors.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { networkOf } from "../../guard/network/address.ts";
import { onceAMinute } from "../once-a-minute.ts";
import { refuseWhileStopping } from "../stopping.ts";
import { conversationOf } from "./frame-check.ts";
import type { LineSession } from "./line-session.ts";
import { NetworkTurns } from "./network-turns.ts";
import { type PacedSocket, ReadingPace } from "./reading-pace.ts";

/** What answering needs of a socket of socket.io. */
export interface AnsweredSocket {
  readonly connected: boolean;
  readonly conn: PacedSocket;
  readonly data: { readonly session: LineSession | undefined; refusals?: number };
  onAny(listener: (name: unknown, ...values: unknown[]) => void): unknown;
}

export interface AnsweringPorts<Socket, Name extends string> {
  readonly isRequest: (name: unknown) => name is Name;
  /** Whether the reply may be megabytes: then it waits until the one before has left. */
  readonly isLarge: (name: Name) => boolean;
  /** Counts one request, whatever is in it. Throws `RequestError` `rate-limited`. */
  readonly count: (socket: Socket) => Promise<void>;
  readonly carryOut: (socket: Socket, name: Name, frame: unknown) => Promise<object>;
  /** Whose requests these are, for the limits and the log. */
  readonly senderOf: (socket: Socket) => { readonly address: string; readonly named: Readonly<Record<string, string>> };
  /** Such as "customer", for the log. */
  readonly kind: string;
  readonly isStopping: () => boolean;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

type Acknowledge = (reply: unknown) => void;

/** Refused requests of one socket. A page that waits as long as the server says comes nowhere near. */
const MOST_REFUSALS = 200;
/** When a page may try again after the store could write nothing. */
const UNWRITABLE_MS = 5_000;

/**
 * Gives every request of a line its one answer: counted, parsed, carried out, acknowledged exactly once. One that asks
 * for no acknowledgement is not carried out, since nobody would learn how it went. It decides nothing.
 */
export class Answering<Socket extends AnsweredSocket, Name extends string> {
  readonly #ports: AnsweringPorts<Socket, Name>;
  readonly #networks = new NetworkTurns();
  readonly #isNews: (what: string) => boolean;

  constructor(ports: AnsweringPorts<Socket, Name>) {
    this.#ports = ports;
    this.#isNews = onceAMinute(ports.clock);
  }

  /** From now on; what is asked before `isReady` waits for it, and gets no answer if it is false. */
  answer(socket: Socket, isReady?: Promise<boolean>): void {
    const pace = new ReadingPace(socket.conn);
    const answered = async (name: unknown, values: readonly unknown[]): Promise<void> => {
      if (isReady === undefined || (await isReady)) await this.#answer(socket, pace, name, values);
    };
    socket.onAny((name, ...values) => {
      answered(name, values).catch((error: unknown) =>
        this.#ports.log.error({ error, request: name, ...this.#ports.senderOf(socket).named }, "A reply could not be sent."),
      );
    });
  }

  /** Gives the one answer, for which a large one waits its turn. Rejects when it cannot be sent. */
  async #answer(socket: Socket, pace: ReadingPace, name: unknown, values: readonly unknown[]): Promise<void> {
    const last = values.at(-1);
    if (typeof last !== "function") return this.#count(socket).catch(() => undefined);
    const acknowledge = last as Acknowledge;
    const frame = values.length === 2 ? values[0] : undefined;
    const { isRequest, isLarge, isStopping, carryOut, senderOf } = this.#ports;
    const replyOf = (work: () => Promise<object>): Promise<Reply<object>> =>
      work().then(
        (reply) => ({ ok: true, ...reply }),
        (error: unknown) => ({ ok: false, error: this.#refusal(error, { socket, name, frame }).toWire() }),
      );
    const counted = await replyOf(async () => {
      await this.#count(socket);
      refuseWhileStopping(isStopping);
      if (!isRequest(name)) throw new RequestError("bad-request", { detail: "There is no request with this name." });
      return {};
    });
    if (!counted.ok || !isRequest(name)) return acknowledge(counted);
    const answer = async (): Promise<void> => acknowledge(await replyOf(() => carryOut(socket, name, frame)));
    if (!isLarge(name)) return answer();
    const network = networkOf(senderOf(socket).address);
    await pace.inTurn(() => this.#networks.inTurn(network, async () => (socket.connected ? answer() : undefined)));
  }

  /**
   * Every request counts, whatever is in it. A socket that goes on after many refusals is closed: being refused costs
   * it nothing, and reading costs us.
   */
  async #count(socket: Socket): Promise<void> {
    const { data } = socket;
    try {
      await data.session?.checkBytes();
      await this.#ports.count(socket);
    } catch (error) {
      data.refusals = (data.refusals ?? 0) + 1;
      if (data.refusals > MOST_REFUSALS) data.session?.end();
      throw error;
    }
  }

  /** What the sender is told about an error. One that is nobody's business is in the log. */
  #refusal(error: unknown, { socket, name, frame }: { socket: Socket; name: unknown; frame: unknown }): RequestError {
    if (error instanceof RequestError) return error;
    if (error instanceof StoreUnwritableError) return this.#unwritable(error);
    const { kind, log, senderOf } = this.#ports;
    log.error(
      { error, request: name, conversationId: conversationOf(frame), ...senderOf(socket).named },
      `A request of the ${kind} line failed.`,
    );
    return new RequestError("internal");
  }

  /** A full disk passes, so the page tries again by itself. Said once a minute: the log may be on the same disk. */
  #unwritable(error: StoreUnwritableError): RequestError {
    const { kind, log } = this.#ports;
    if (this.#isNews(error.message)) log.error({ error }, `Requests of the ${kind} line are turned away. This is logged once a minute.`);
    return new RequestError("busy", { detail: "Nothing can be kept at the moment.", retryAfterMs: UNWRITABLE_MS });
  }
}
