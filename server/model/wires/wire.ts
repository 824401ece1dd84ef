import type { ModelRequest } from "../../conversation/ports/model.ts";
import type { Habits } from "./habits.ts";
import type { PartQueue } from "./part-queue.ts";

/** How one provider is spoken to: what is posted, and how its answer is read. Knows no network and no time. */
export interface Wire {
  /** The provider as staff know it, to begin an error's sentence with. */
  readonly who: string;
  /** Its format's name. */
  readonly format: string;
  encode(request: ModelRequest, habits: Habits): EncodedRequest;
  /** For the answer to `request`, asked with these habits. */
  reader(request: ModelRequest, habits: Habits): WireReader;
}

export interface EncodedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads one streamed answer. Tool calls and `finish` go to the queue only when the answer is whole. */
export interface WireReader {
  /**
   * The data of one event. Throws `ModelError`; anything else it throws means that the event is not what the provider
   * documents.
   */
  read(data: string, queue: PartQueue): void;
  /** The provider closed the stream. Without a `finish` in the queue after this the answer is broken. */
  end(queue: PartQueue): void;
  /**
   * A whole answer in place of a stream, as it was parsed. Throws as `read` does. False: it is no answer of this
   * provider.
   */
  whole(value: unknown, queue: PartQueue): boolean;
  /** What the answer showed of its model. */
  readonly learnt?: Partial<Habits> | undefined;
}

export interface WireSettings {
  readonly model: string;
  readonly baseUrl: URL;
  readonly apiKey: string | undefined;
  /** For calls that the provider gives no id. */
  readonly newId: () => string;
}
