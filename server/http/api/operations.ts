import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { ProblemError } from "../problem.ts";
import { keptAnswer } from "./answer.ts";
import { IdempotencyKeys, type IdempotencyPorts, type KeptAnswer } from "./idempotency.ts";
import type { ApiFile, ApiRequest, ApiStream, Route } from "./route.ts";

export interface OperationsPorts extends IdempotencyPorts {
  readonly routes: readonly Route[];
  /** The API's path outside, such as `/api/v1`. */
  readonly root: () => string;
}

/** An operation that somebody wants, parsed by its schemas. */
export interface AskedOperation {
  readonly route: Route;
  readonly parsed: ApiRequest<unknown, unknown, unknown>;
  /** As it came: the same key with another one of these is refused. */
  readonly asked: { readonly path: string; readonly search: string; readonly body: unknown };
  /** An `Idempotency-Key`, for what makes something. */
  readonly key?: string | undefined;
}

export type OperationEnd = { readonly answer: KeptAnswer; readonly isRepeated: boolean } | ApiStream | ApiFile;

/** Runs the operations of the API, by whatever door they were asked for. */
export class Operations {
  readonly routes: readonly Route[];
  readonly #root: () => string;
  readonly #keys: IdempotencyKeys;

  constructor(ports: OperationsPorts) {
    this.routes = ports.routes;
    this.#root = ports.root;
    this.#keys = new IdempotencyKeys(ports);
  }

  /** Throws what the route's `handle` throws, and the problems of an idempotency key. */
  async run({ route, parsed, asked, key }: AskedOperation): Promise<OperationEnd> {
    if (key === undefined || route.creates !== true || route.action === "public") {
      const result = await route.handle(parsed);
      if ("file" in result || "stream" in result) return result;
      return { answer: keptAnswer(route, result, this.#root()), isRepeated: false };
    }
    const { staff } = parsed;
    const { method } = route;
    const { path, search, body } = asked;
    const { answer, repeated } = await this.#keys.once(
      { actor: `${staff.kind}-${staff.id}`, key, request: { method, path, search, body: body ?? null } },
      async () => {
        // A client that sends a key asks again when its network breaks, so what was begun is finished for it, not left
        // half made.
        const result = await route.handle({ ...parsed, signal: new AbortController().signal });
        if ("stream" in result || "file" in result)
          throw new Error(`${route.operationId} makes something and streams, which cannot be repeated.`);
        return keptAnswer(route, result, this.#root());
      },
    );
    return { answer, isRepeated: repeated };
  }
}

/** Throws a problem where they may not do what the operation needs. */
export function requireAction(staff: Staff, { action }: Pick<Route, "action">): void {
  if (action === "public" || mayDo(staff, action)) return;
  throw new ProblemError("forbidden", {
    detail: `${staff.name} may not do ${action}. An admin can give a role or a key that may.`,
  });
}
