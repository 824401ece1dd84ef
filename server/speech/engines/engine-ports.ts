import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import type { Clock } from "../../foundation/clock.ts";
import type { Post } from "../../model/transport/post.ts";

/** Where connections may lead, for requests and for WebSockets. */
export interface SpeechSockets {
  readonly dispatcher: Dispatcher;
  /** Throws when an address may not be reached. */
  readonly check: (url: URL) => void;
  /** The look-up that a connection has to be made with. */
  readonly lookupFor: (protocol: "http:" | "https:") => LookupFunction;
}

/** What an engine is reached through. */
export interface EnginePorts {
  readonly post: Post;
  readonly sockets: () => Promise<Pick<SpeechSockets, "check" | "lookupFor">>;
  readonly clock: Clock;
  /** Never to be told to anybody, also where an engine says it. */
  readonly apiKey: string | undefined;
}
