import type { Clock } from "../foundation/clock.ts";
import type { Post } from "./transport/post.ts";

/** The requests of one exchange, each timed from its own beginning. Milliseconds. */
export class TimedPost {
  readonly #post: Post;
  readonly #clock: Pick<Clock, "now">;
  #begun: number;
  requests = 0;
  connectMs: number | undefined;
  firstByteMs: number | undefined;

  constructor(post: Post, clock: Pick<Clock, "now">) {
    this.#post = post;
    this.#clock = clock;
    this.#begun = clock.now();
  }

  /** Since the last request began. */
  get elapsedMs(): number {
    return this.#clock.now() - this.#begun;
  }

  readonly post: Post = async (request) => {
    this.#begun = this.#clock.now();
    this.requests += 1;
    this.connectMs = undefined;
    this.firstByteMs = undefined;
    const posted = await this.#post({ ...request, onConnected: () => (this.connectMs ??= this.elapsedMs) });
    this.firstByteMs = this.elapsedMs;
    return posted;
  };
}
