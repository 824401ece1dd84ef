import { RequestError } from "../../../protocol/errors.ts";

export function noTool(key: string, tool: string): RequestError {
  return new RequestError("not-found", { detail: `The server "${key}" has no tool "${tool}".` });
}
