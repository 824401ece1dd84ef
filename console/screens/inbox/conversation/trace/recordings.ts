import type { ReactiveControllerHost } from "lit";
import { api } from "../../../../api/client.ts";
import type { ListRecordingsAnswer, Recording } from "../../../../api/types.ts";
import { Resource } from "../../../../foundation/resource.ts";
import type { Step } from "./step.ts";

/** The recordings of a conversation's calls, as far as they are kept. They are asked for once a recorded call is over. */
export class Recordings {
  readonly resource: Resource<readonly Recording[]>;
  readonly #conversationId: () => string;
  /** The calls that are known to be recorded and over. */
  #sought = "";
  #calls: readonly { readonly from: number; readonly to: number }[] = [];

  constructor(host: ReactiveControllerHost, conversationId: () => string) {
    this.#conversationId = conversationId;
    this.resource = new Resource(host, { load: async (signal) => this.#load(signal) });
  }

  /** Whether any call was recorded, whatever is kept of it. */
  get isSought(): boolean {
    return this.#sought !== "";
  }

  get all(): readonly Recording[] {
    return this.isSought ? (this.resource.value ?? []) : [];
  }

  /** Whether a recording may have this moment, and is not known yet. */
  isPending(at: number): boolean {
    return this.isSought && this.resource.value === undefined && this.#calls.some(({ from, to }) => at >= from && at < to);
  }

  lookFor(steps: readonly Step[]): void {
    const calls = steps.flatMap(({ kind, from, to, events: [event] }) =>
      kind === "voice-call" && to !== undefined && (event?.type !== "voice-call-started" || event.recorded === true)
        ? [{ from, to, seq: event?.seq }]
        : [],
    );
    this.#calls = calls;
    const sought = calls.length === 0 ? "" : [this.#conversationId(), ...calls.map(({ seq }) => seq)].join(" ");
    if (sought === this.#sought) return;
    const isSame = this.isSought && this.#sought.split(" ")[0] === sought.split(" ")[0];
    this.#sought = sought;
    // What plays goes on while another one is found.
    void (isSame ? this.resource.reload() : this.resource.restart());
  }

  async #load(signal: AbortSignal): Promise<readonly Recording[]> {
    if (!this.isSought) return [];
    const path = `/conversations/${encodeURIComponent(this.#conversationId())}/recordings`;
    return (await api.get<ListRecordingsAnswer>(path, { signal })).body.items;
  }
}
