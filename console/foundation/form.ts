import type { ReactiveController, ReactiveControllerHost } from "lit";
import { api, SIGNED_IN } from "../api/client.ts";
import type { Fault } from "../api/problem.ts";
import { ApiProblem } from "../api/problem.ts";
import { router } from "./router.ts";

/** A JSON value in a form, at its pointer: `/model/apiKey`. */
type Values = Readonly<Record<string, unknown>>;

/** A field that the person changed, and somebody else as well, in the meantime. */
export interface Conflict {
  readonly path: string;
  readonly mine: unknown;
  readonly theirs: unknown;
}

interface Options {
  /** Asked before the person leaves with changes. */
  readonly mayLeave?: () => Promise<boolean>;
  /** The addresses at which the form stays, such as the other tabs of its screen. */
  readonly isInside?: (path: string) => boolean;
  /** Tells its fields from those of another form that is on the page at the same time. */
  readonly place?: string;
}

/**
 * What is typed into a form over what the server has. Only what was changed is sent, so what somebody else changed
 * beside it stays; where both changed the same field, the person chooses.
 */
export class Form<Saved extends object> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: Options;
  #saved: Saved;
  #version: string | undefined;
  /** By pointer. */
  #changes = new Map<string, unknown>();
  /** The changes that were sent last. */
  #sent: ReadonlyMap<string, unknown> = new Map();
  #conflicts = new Map<string, Conflict>();
  #faults: readonly Fault[] = [];
  #problem: ApiProblem | undefined;
  #isSending = false;
  #unguard: (() => void) | undefined;
  /** What was typed may be sent now. */
  readonly #signedIn = (): void => {
    if (this.#problem?.code !== "unauthenticated") return;
    this.#problem = undefined;
    this.#changed();
  };

  constructor(host: ReactiveControllerHost, saved: Saved, options: Options = {}) {
    this.#host = host;
    this.#saved = saved;
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {
    api.addEventListener(SIGNED_IN, this.#signedIn);
  }

  hostDisconnected(): void {
    api.removeEventListener(SIGNED_IN, this.#signedIn);
    this.#letLeave();
  }

  get place(): string {
    return this.#options.place ?? "";
  }

  /** The version that the next change is of. */
  get version(): string | undefined {
    return this.#version;
  }

  get isDirty(): boolean {
    return this.#changes.size > 0;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  get conflicts(): readonly Conflict[] {
    return [...this.#conflicts.values()];
  }

  /** What went wrong besides the faults that stand at a field of `drawn`. */
  problemBeside(drawn: (path: string) => boolean): ApiProblem | undefined {
    if (this.#problem === undefined) return undefined;
    return this.#faults.length > 0 && this.#faults.every(({ path }) => drawn(path)) ? undefined : this.#problem;
  }

  get problem(): ApiProblem | undefined {
    return this.#problem;
  }

  /** What is in the field now. */
  get(path: string): unknown {
    return this.#changes.has(path) ? this.#changes.get(path) : valueAt(this.#saved, path);
  }

  text(path: string): string {
    const value = this.get(path);
    return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
  }

  /** Whether it differs from what is saved. */
  isChanged(path: string): boolean {
    return this.#changes.has(path);
  }

  /** What is wrong with the field, or with what is below it. */
  fault(path: string): string | undefined {
    const found = this.#faults.find((fault) => fault.path === path || fault.path.startsWith(`${path}/`));
    return found?.message;
  }

  /** `undefined` empties a field: `null` on the wire. `null` empties one whose value is never shown, such as a key. */
  set(path: string, value: unknown): void {
    if (value !== null && same(value, valueAt(this.#saved, path))) {
      this.#changes.delete(path);
      this.#conflicts.delete(path);
    } else this.#changes.set(path, value);
    this.#faults = this.#faults.filter((fault) => fault.path !== path && !fault.path.startsWith(`${path}/`));
    // It was about what was sent, and that is no longer what is here.
    if (this.#problem?.code === "invalid") this.#problem = undefined;
    this.#changed();
  }

  refuse(faults: readonly Fault[]): void {
    this.#faults = [...faults];
    this.#changed();
  }

  /** Everything as the person sees it: for what is made new, or tried before it is saved. */
  whole(): Record<string, unknown> {
    const whole = structuredClone(this.#saved) as Record<string, unknown>;
    for (const [path, value] of this.#changes) put(whole, path, value);
    return whole;
  }

  /** A merge patch (RFC 7396) of what was changed. */
  patch(): Record<string, unknown> {
    const patch: Record<string, unknown> = {};
    for (const [path, value] of this.#changes) put(patch, path, value ?? null);
    return patch;
  }

  /** Takes what the server has now. Changes stay; a field that both changed becomes a conflict. */
  rebase(saved: Saved, version: string | undefined): void {
    const before = this.#saved;
    this.#saved = saved;
    this.#version = version;
    for (const [path, mine] of this.#changes) {
      const theirs = valueAt(saved, path);
      if (mine !== null && same(mine, theirs)) {
        this.#changes.delete(path);
        this.#conflicts.delete(path);
      } else if (!same(theirs, valueAt(before, path))) this.#conflicts.set(path, { path, mine, theirs });
    }
    this.#changed();
  }

  /** The person's answer to a conflict. */
  resolve(path: string, whose: "mine" | "theirs"): void {
    this.#conflicts.delete(path);
    if (whose === "theirs") this.#changes.delete(path);
    this.#changed();
  }

  /** What was sent is saved now. What was typed since then stays, as a change of it. */
  done(): void {
    const before = this.#saved;
    const saved = structuredClone(before);
    for (const [path, value] of this.#sent) put(saved as Record<string, unknown>, path, value);
    this.#saved = saved;
    for (const [path, value] of this.#sent) {
      const now = this.#changes.has(path) ? this.#changes.get(path) : valueAt(before, path);
      if (same(now, value)) this.#changes.delete(path);
      else this.#changes.set(path, now);
    }
    this.#conflicts.clear();
    this.#changed();
  }

  reset(): void {
    this.#sent = new Map();
    this.#changes.clear();
    this.#conflicts.clear();
    this.#faults = [];
    this.#problem = undefined;
    this.#changed();
  }

  /** Sends, and keeps what was refused at its fields. Undefined: it was refused. */
  async submit<Answer>(send: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#isSending) return undefined;
    this.#isSending = true;
    this.#sent = new Map(this.#changes);
    this.#problem = undefined;
    this.#faults = [];
    this.#changed();
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#problem = error;
      this.#faults = error.faults;
      return undefined;
    } finally {
      this.#isSending = false;
      this.#changed();
    }
  }

  #letLeave(): void {
    this.#unguard?.();
    this.#unguard = undefined;
  }

  #changed(): void {
    if (this.isDirty && this.#unguard === undefined && this.#options.mayLeave !== undefined)
      this.#unguard = router.guard(this.#options.mayLeave, this.#options.isInside);
    if (!this.isDirty) this.#letLeave();
    this.#host.requestUpdate();
  }
}

function valueAt(whole: object, path: string): unknown {
  let value: unknown = whole;
  for (const name of namesOf(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Values)[name];
  }
  return value;
}

function put(whole: Record<string, unknown>, path: string, value: unknown): void {
  const names = namesOf(path);
  const last = names.pop();
  if (last === undefined) return;
  let place = whole;
  for (const name of names) {
    const inner = place[name];
    if (typeof inner === "object" && inner !== null) place = inner as Record<string, unknown>;
    else place = (place[name] = {}) as Record<string, unknown>;
  }
  if (value === undefined) delete place[last];
  else place[last] = value;
}

function namesOf(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** An empty text and nothing are the same to whoever types. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? "") === JSON.stringify(other ?? "");
}
