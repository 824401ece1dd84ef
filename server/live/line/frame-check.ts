import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import { type ParsedRequest, type RequestName, requestSchemas } from "../../../protocol/frames.ts";

export function isRequestName(name: unknown): name is RequestName {
  return typeof name === "string" && Object.hasOwn(requestSchemas, name);
}

/** A request's frame as its schema knows it. Throws `RequestError` `bad-request`. */
export function readFrame<N extends RequestName>(name: N, frame: unknown): ParsedRequest<N> {
  const parsed = requestSchemas[name].safeParse(frame);
  if (!parsed.success) throw new RequestError("bad-request", { detail: describeFaults(parsed.error) });
  return parsed.data as ParsedRequest<N>;
}

export function describeFaults(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length === 0 ? "" : `${issue.path.join(".")}: `}${issue.message}`)
    .join("; ");
}

/** For the log, from a frame that may be anything. */
export function conversationOf(frame: unknown): string | undefined {
  const parsed = z.object({ conversationId: z.string().max(64) }).safeParse(frame);
  return parsed.success ? parsed.data.conversationId : undefined;
}
