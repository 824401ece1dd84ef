import type { Problem } from "./types.ts";

/** One fault of what was sent, such as `{ path: "/name", message: "Expected some text." }`. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  /** What it says, for another language. */
  readonly code?: string;
  /** The most or the least that the code speaks of. */
  readonly limit?: number;
}

interface Sayings {
  readonly title: (code: string, own: string) => string;
  readonly fault: (fault: Fault) => string;
}

let sayings: Sayings = { title: (_code, own) => own, fault: ({ message }) => message };

/** Refusals that come from now on are said in these words. */
export function sayProblemsIn(given: Sayings): void {
  sayings = given;
}

/** A request that the server refused, or that never reached it (`offline`). */
export class ApiProblem extends Error {
  readonly status: number;
  /** One of the codes in docs/api.md, or `offline`. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly faults: readonly Fault[];
  /** Seconds until it makes sense to ask again. */
  readonly retryAfter: number | undefined;

  constructor(given: { status: number; code: string; title: string; detail?: string; faults?: readonly Fault[]; retryAfter?: number }) {
    super(given.detail === undefined ? given.title : `${given.title} ${given.detail}`);
    this.status = given.status;
    this.code = given.code;
    this.detail = given.detail;
    this.faults = given.faults ?? [];
    this.retryAfter = given.retryAfter;
  }
}

/** Reads a refusal. Something before the server, such as a proxy, may have answered in its own words. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const rest = Number.isNaN(retryAfter) ? {} : { retryAfter };
  const body = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  if (body?.code === undefined) {
    return new ApiProblem({ status: response.status, code: "unknown", title: `The server answered ${response.status}.`, ...rest });
  }
  return new ApiProblem({
    status: response.status,
    code: body.code,
    title: sayings.title(body.code, body.title ?? body.code),
    ...(body.detail === undefined ? {} : { detail: body.detail }),
    faults: (body.errors ?? []).map((fault) => ({ path: fault.path, message: sayings.fault(fault) })),
    ...rest,
  });
}
