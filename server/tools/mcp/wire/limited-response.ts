/** A server's answer grew larger than allowed; the rest of it was not read. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/**
 * After so much of one answer everybody else has a turn: a stream that is always ready would keep the process to
 * itself.
 */
const PAUSE_BYTES = 64 * 1024;

/**
 * The same response, whose body breaks off with `AnswerTooLargeError` when it has more than `limitBytes` (after
 * unpacking). In a stream of server-sent events the limit is for each event: the stream itself may go on for ever.
 */
export function limitedResponse(response: Response, limitBytes: number): Response {
  if (response.body === null) return response;
  const events = response.headers.get("content-type")?.toLowerCase().startsWith("text/event-stream") === true;
  const declared = Number(response.headers.get("content-length") ?? Number.NaN);
  // An honest small answer needs no counting; a packed one may be of any size.
  if (!events && declared <= limitBytes && !response.headers.has("content-encoding")) return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let bytes = 0;
  let tail = new Uint8Array();
  let unpausedBytes = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) return controller.close();
      const end = events ? lastEventEnd(value, tail) : 0;
      bytes = end === 0 ? bytes + value.byteLength : value.byteLength - end;
      tail = value.slice(-2);
      unpausedBytes += value.byteLength;
      if (unpausedBytes > PAUSE_BYTES) {
        unpausedBytes = 0;
        await new Promise(setImmediate);
      }
      if (bytes <= limitBytes) return controller.enqueue(value);
      const error = new AnswerTooLargeError(`The answer is larger than ${Math.round(limitBytes / 1024)} kB.`);
      controller.error(error);
      await reader.cancel(error).catch(() => undefined);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Where the last event that ends in `chunk` ends; 0 when none does. An empty line ends an event. `tail` is what came
 * right before.
 */
export function lastEventEnd(chunk: Uint8Array, tail: Uint8Array): number {
  const byte = (at: number): number | undefined => (at >= 0 ? chunk[at] : tail.at(at));
  const endsLine = (at: number): boolean => byte(at) === LINE_FEED || byte(at) === CARRIAGE_RETURN;
  for (let at = chunk.byteLength - 1; at >= 0; at -= 1) {
    if (!endsLine(at)) continue;
    const lineBreakStart = byte(at) === LINE_FEED && byte(at - 1) === CARRIAGE_RETURN ? at - 1 : at;
    if (endsLine(lineBreakStart - 1)) return at + 1;
  }
  return 0;
}
