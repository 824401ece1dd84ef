import { BASE_PATH } from "./base-path.ts";
import { ApiProblem, problemOf } from "./problem.ts";

export interface Answer<Body> {
  readonly body: Body;
  /** The version of what was read or changed, for the next change of it. */
  readonly version: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Sending {
  readonly method: string;
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly version?: string | undefined;
  readonly creates?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The session that these requests were made with is over. `api` tells it once for each. */
export const SIGNED_OUT = "signed-out";
/** There is a session again: what was refused for want of one may be asked for once more. */
export const SIGNED_IN = "signed-in";
/** `isReachable` has changed. */
export const REACH_CHANGED = "reach-changed";

/** What a proxy answers in the place of a server that is not there. */
const ABSENT: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * The REST API, as one origin's page uses it: the session is a cookie that no script can read. Every method throws
 * `ApiProblem`, and nothing else but `AbortError`.
 */
class Api extends EventTarget {
  readonly #root: string;
  /** The keys of creates whose answer never came: who presses again means the same one. */
  readonly #unanswered = new Map<string, string>();

  #isReachable = true;
  #isSignedOut = false;

  constructor(root: string) {
    super();
    this.#root = root;
  }

  /** Whether the last request reached the server. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  /** Nothing needs to be asked by itself until somebody signs in. */
  get isSignedOut(): boolean {
    return this.#isSignedOut;
  }

  /** Somebody has signed in. */
  signedIn(): void {
    this.#isSignedOut = false;
    this.dispatchEvent(new Event(SIGNED_IN));
  }

  async get<Body>(path: string, { query, signal }: { query?: Query; signal?: AbortSignal | undefined } = {}): Promise<Answer<Body>> {
    return this.#send({ method: "GET", path, query, signal });
  }

  /** Makes something, once, however often the network breaks. */
  async create<Body>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer<Body>> {
    return this.#send({ method: "POST", path, body, creates: true, signal });
  }

  /** Does something that makes nothing, such as a test. */
  async post<Body>(
    path: string,
    body: unknown = {},
    { version, signal }: { version?: string | undefined; signal?: AbortSignal } = {},
  ): Promise<Answer<Body>> {
    return this.#send({ method: "POST", path, body, version, signal });
  }

  async patch<Body>(path: string, body: unknown, version: string | undefined): Promise<Answer<Body>> {
    return this.#send({ method: "PATCH", path, body, version });
  }

  async put<Body>(path: string, body: unknown, version?: string): Promise<Answer<Body>> {
    return this.#send({ method: "PUT", path, body, version });
  }

  async delete(path: string, version?: string): Promise<void> {
    await this.#send({ method: "DELETE", path, version });
  }

  /** Where a file of the API is downloaded from. */
  address(path: string, query: Query = {}): string {
    return `${this.#root}${path}${searchOf(query)}`;
  }

  async #send<Body>({ method, path, query = {}, body, version, creates = false, signal }: Sending): Promise<Answer<Body>> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (version !== undefined) headers["If-Match"] = version;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const made = `${path} ${sent ?? ""}`;
    if (creates) this.#unanswered.set(made, (headers["Idempotency-Key"] = this.#unanswered.get(made) ?? randomKey()));
    const request = {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await this.#fetch(this.address(path, query), request, creates);
    if (!response.ok) {
      const problem = await problemOf(response);
      // After any other the server may have made it, or something between us spoke for it.
      if (response.status < 500) this.#unanswered.delete(made);
      this.#reached(problem.code !== "unknown" || !ABSENT.has(response.status));
      if (problem.code === "unauthenticated") this.#signedOut();
      throw problem;
    }
    this.#reached(true);
    const answer = await bodyOf<Body>(response);
    this.#unanswered.delete(made);
    return { body: answer, version: response.headers.get("ETag") ?? undefined };
  }

  /** A create carries a key, so it may be sent again when nobody knows whether it arrived. */
  async #fetch(address: string, request: RequestInit, again: boolean): Promise<Response> {
    try {
      return await fetch(address, request);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      if (again) return this.#fetch(address, request, false);
      this.#reached(false);
      throw offline();
    }
  }

  #reached(isReachable: boolean): void {
    if (this.#isReachable === isReachable) return;
    this.#isReachable = isReachable;
    this.dispatchEvent(new Event(REACH_CHANGED));
  }

  #signedOut(): void {
    this.#isSignedOut = true;
    this.dispatchEvent(new Event(SIGNED_OUT));
  }
}

export const api = new Api(`${BASE_PATH}/api/v1`);

function offline(): ApiProblem {
  return new ApiProblem({ status: 0, code: "offline", title: "The server cannot be reached." });
}

/** An answer that breaks off, or that something between us gave in the server's place, is none. */
async function bodyOf<Body>(response: Response): Promise<Body> {
  try {
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as Body;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw offline();
  }
}

function searchOf(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, String(value)]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** `crypto.randomUUID` is there on secure pages only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where programs are let in. */
export const programs = new Api(`${BASE_PATH}/oauth2`);
