import { redactedShape } from "../../conversation/prompt/redacted-shape.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { FirstStep, PublishedCall, PublishedCalls } from "../../inbox/published-calls.ts";
import type { Caller, Client } from "./caller.ts";
import type { CallEnd } from "./call-result.ts";

export interface CallLogPorts {
  readonly calls: PublishedCalls;
  readonly clock: Clock;
  readonly log: Log;
}

export interface EndedCall {
  readonly caller: Caller;
  readonly client: Client;
  readonly tool: string;
  readonly input: unknown;
  readonly end: CallEnd;
  readonly at: number;
}

/** How much of arguments and results is kept. */
const KEPT_CHARACTERS = 16 * 1024;
const WRITE_MS = 200;

/** Writes what clients did, a little later and many at once: no call waits for the disk. */
export class CallLog {
  readonly #ports: CallLogPorts;
  #waiting: PublishedCall[] = [];
  readonly #reached = new Set<string>();
  #callOff: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(ports: CallLogPorts) {
    this.#ports = ports;
  }

  ended({ caller, client, tool, input, end, at }: EndedCall): void {
    const { id, name, test } = caller.key;
    test?.ended(end);
    this.#waiting.push({
      server: caller.server,
      ...(test === undefined ? { key: id, keyName: name } : { tester: test.by }),
      ...(client.name === undefined ? {} : { clientName: client.name }),
      ...(client.version === undefined ? {} : { clientVersion: client.version }),
      tool,
      arguments: kept(JSON.stringify(input) ?? "null"),
      result: kept(resultText(end)),
      outcome: end.outcome,
      ...(end.cause === undefined || end.outcome === "ok" ? {} : { cause: kept(end.cause) }),
      ...(end.conversation === undefined ? {} : { conversation: end.conversation }),
      at,
      durationMs: this.#ports.clock.now() - at,
    });
    this.#callOff ??= this.#ports.clock.after(WRITE_MS, () => void this.flush());
  }

  /** A client came so far, for the first time in this process. */
  reached(server: string, step: FirstStep): void {
    const place = `${server}/${step}`;
    if (this.#reached.has(place)) return;
    this.#reached.add(place);
    const { calls, clock, log } = this.#ports;
    calls.reached(server, step, clock.now()).catch((error: unknown) => {
      this.#reached.delete(place);
      log.error({ error: String(error), server, step }, "What a client of a published server did first could not be kept.");
    });
  }

  /** Resolves when everything that ended before is written, or was tried. */
  flush(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    const waiting = this.#waiting;
    if (waiting.length === 0) return this.#writing;
    this.#waiting = [];
    const { calls, log } = this.#ports;
    this.#writing = this.#writing
      .then(() => calls.record(waiting))
      .catch((error: unknown) =>
        log.error({ error: String(error), calls: waiting.length }, "Calls of published servers could not be logged."),
      );
    return this.#writing;
  }
}

/** What the owner of the source lets be kept. */
function resultText(end: CallEnd): string {
  if (end.keep === "none") return "[not kept]";
  const { content, structured } = end;
  if (end.keep === "redacted") return redactedShape({ content, ...(structured === undefined ? {} : { structured }) });
  const texts = content.map((piece) =>
    piece.kind === "text" ? piece.text : piece.kind === "resource-link" ? piece.uri : `[${piece.kind}]`,
  );
  return texts.length === 0 && structured !== undefined ? JSON.stringify(structured) : texts.join("\n");
}

function kept(text: string): string {
  return text.length <= KEPT_CHARACTERS ? text : `${text.slice(0, KEPT_CHARACTERS)} …`;
}
