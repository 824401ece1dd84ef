import * as z from "zod";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import { DocumentConflictError, type DocumentStore, type StoredDocument } from "../../documents/ports.ts";
import { ProblemError, toProblem } from "../problem.ts";

/** How long a key is kept. */
export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000;

const answerSchema = z.object({ status: z.int(), body: z.unknown(), headers: z.record(z.string(), z.string()) });
/** An answer that can be given again. */
export type KeptAnswer = z.output<typeof answerSchema>;

const recordSchema = z.object({ request: z.string(), answer: answerSchema.optional() });

export interface IdempotencyPorts {
  readonly documents: Pick<DocumentStore, "get" | "write">;
  /**
   * What was asked and answered may have secrets in it, some of which are shown only once, so a record is sealed as a
   * whole.
   */
  readonly secrets: { seal(text: string, place: string): string; open(sealed: string, place: string): string };
  readonly clock: Pick<Clock, "now">;
}

/**
 * The same create with the same `Idempotency-Key` is carried out once, however often it is sent. Later ones get the
 * first one's answer for 24 hours, and those that come while it is at work wait for it. The key is taken before the
 * work begins, so that a crash in between never makes a second one: then the answer is `request-unfinished`. A refused
 * request frees its key.
 */
export class IdempotencyKeys {
  readonly #ports: IdempotencyPorts;
  readonly #atWork = new Map<string, { readonly request: string; readonly answer: Promise<KeptAnswer> }>();

  constructor(ports: IdempotencyPorts) {
    this.#ports = ports;
  }

  /**
   * `actor` keeps one's keys apart from another's. Throws what `work` throws, `key-reused` and `request-unfinished`.
   */
  async once(
    given: { readonly actor: string; readonly key: string; readonly request: unknown },
    work: () => Promise<KeptAnswer>,
  ): Promise<{ readonly answer: KeptAnswer; readonly repeated: boolean }> {
    const id = `${given.actor}/${given.key}`;
    const request = sha256Hex(canonicalJson(given.request));
    const atWork = this.#atWork.get(id);
    if (atWork !== undefined) {
      if (atWork.request !== request) throw new ProblemError("key-reused");
      return { answer: await atWork.answer, repeated: true };
    }
    let repeated = false;
    const answer = (async () => {
      const kept = await this.#take(id, request);
      repeated = kept !== undefined;
      return kept ?? (await this.#work(id, request, work));
    })();
    this.#atWork.set(id, { request, answer });
    try {
      return { answer: await answer, repeated };
    } finally {
      this.#atWork.delete(id);
    }
  }

  /** The answer of earlier, or undefined when the key is now ours. */
  async #take(id: string, request: string): Promise<KeptAnswer | undefined> {
    const { documents, clock } = this.#ports;
    const now = clock.now();
    const change = { do: "create", kind: "idempotency", id, body: this.#seal(id, { request }), expiresAt: now + KEY_LIFETIME_MS } as const;
    try {
      await documents.write([change], { at: now });
      return undefined;
    } catch (error) {
      if (!(error instanceof DocumentConflictError) || error.reason !== "exists") throw error;
    }
    const record = this.#open(id, await documents.get("idempotency", id, now));
    if (record?.answer !== undefined && record.request === request) return record.answer;
    throw new ProblemError(record !== undefined && record.request !== request ? "key-reused" : "request-unfinished", {
      detail: "Check whether it was made, and use another key.",
    });
  }

  async #work(id: string, request: string, work: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const { documents, clock } = this.#ports;
    let answer: KeptAnswer;
    try {
      answer = await work();
    } catch (error) {
      // A refusal says that nothing was made. After any other error that is not known, so the key stays taken.
      if (toProblem(error) !== undefined) await documents.write([{ do: "delete", kind: "idempotency", id }], { at: clock.now() });
      throw error;
    }
    const body = this.#seal(id, { request, answer });
    await documents.write([{ do: "replace", kind: "idempotency", id, body }], { at: clock.now() });
    return answer;
  }

  #seal(id: string, record: z.input<typeof recordSchema>): unknown {
    return { sealed: this.#ports.secrets.seal(JSON.stringify(record), placeOf(id)) };
  }

  /** Undefined for a record that was sealed under a key that is gone: then how it ended is not known either. */
  #open(id: string, document: StoredDocument | undefined): z.output<typeof recordSchema> | undefined {
    if (document === undefined) return undefined;
    try {
      const { sealed } = z.object({ sealed: z.string() }).parse(document.body);
      return recordSchema.parse(JSON.parse(this.#ports.secrets.open(sealed, placeOf(id))));
    } catch {
      return undefined;
    }
  }
}

function placeOf(id: string): string {
  return `idempotency/${id}/sealed`;
}

/** The key of a request; undefined without one. Throws a problem for one that is not a key. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  // The draft standard writes it as a quoted string; most clients send it bare.
  const key = typeof header === "string" ? header.trim().replace(/^"(.*)"$/, "$1") : "";
  if (!/^[A-Za-z0-9._:~+=-]{1,128}$/.test(key))
    throw new ProblemError("bad-request", {
      detail: "Expected an Idempotency-Key of 1 to 128 letters, digits or . _ : ~ + = -, such as a UUID.",
    });
  return key;
}
