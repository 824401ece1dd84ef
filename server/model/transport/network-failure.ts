import { ModelError } from "../../conversation/ports/model.ts";

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused)",
  ENOTFOUND: "its name is not known (DNS)",
  EAI_AGAIN: "its name could not be looked up (DNS does not answer)",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "the network is not reachable",
  ETIMEDOUT: "connecting took too long",
  UND_ERR_CONNECT_TIMEOUT: "connecting took too long",
  UND_ERR_HEADERS_TIMEOUT: "it did not begin to answer in time",
  UND_ERR_BODY_TIMEOUT: "it stopped sending in the middle of its answer",
  UND_ERR_SOCKET: "the connection was closed",
};

/**
 * A network fault as the conversation understands it: before an answer began the provider is `unreachable`, after that
 * the answer is `broken`.
 */
export function networkFailure(error: unknown, who: string, answering: boolean): ModelError {
  const refused = refusalOf(error);
  if (refused !== undefined) return new ModelError("misconfigured", `${who} is not reached: ${refused}`);
  const code = codeOf(error);
  const reason = (code === undefined ? undefined : REASONS[code]) ?? reasonOf(error);
  const named = code === undefined ? "" : ` [${code}]`;
  // A model server that is silent may compute all the same: asked again, it would compute twice.
  return answering || code === "UND_ERR_HEADERS_TIMEOUT"
    ? new ModelError("broken", `The answer of ${who} broke off: ${reason}${named}.`)
    : new ModelError("unreachable", `${who} cannot be reached: ${reason}${named}.`);
}

function codeOf(error: unknown): string | undefined {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 4; depth++) {
    if ("code" in current && typeof current.code === "string") return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The guard's words, when it refused the address. */
function refusalOf(error: unknown): string | undefined {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current.name === "FetchRefusedError") return current.message;
  }
  return undefined;
}
