/** The body of an answer grew larger than allowed; the rest of it was not read. */
export class ResponseTooLargeError extends Error {
  override readonly name = "ResponseTooLargeError";
}

/**
 * The same response, whose body breaks off with `ResponseTooLargeError` after `limitBytes`, counted as they are
 * unpacked.
 */
export function cappedResponse(response: Response, limitBytes: number | undefined): Response {
  if (limitBytes === undefined || response.body === null) return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) return controller.close();
      bytes += value.byteLength;
      if (bytes <= limitBytes) return controller.enqueue(value);
      const error = new ResponseTooLargeError(`The answer is larger than ${limitBytes} bytes.`);
      controller.error(error);
      await reader.cancel(error).catch(() => undefined);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
