import { ProblemError } from "../problem.ts";

/** A parameter after the question mark that fits its schema, and cannot be answered all the same. */
export function queryFault(path: string, message: string): ProblemError {
  return new ProblemError("invalid", { errors: [{ in: "query", path, message }] });
}
