/**
 * Thrown by routes; becomes a JSON answer `{ "error": { code, message } }`. The message is for people who read it in a
 * browser or a terminal.
 */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
