import type { WireError } from "../../protocol/errors.ts";
import { RequestRefusedError } from "../line/line.ts";

/** Why the server refused a request; nothing if there was no reply. */
export function refusalOf(error: unknown): WireError | undefined {
  return error instanceof RequestRefusedError ? error.wire : undefined;
}
