import type { WireError } from "../../protocol/errors.ts";
import { RequestRefusedError } from "../line/line.ts";

/** What the server said to a request that failed; nothing where no answer could be had. */
export function refusalOf(error: unknown): WireError | undefined {
  return error instanceof RequestRefusedError ? error.wire : undefined;
}
