import { RequestError } from "../../../protocol/errors.ts";
import type { RequestName } from "../../../protocol/frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { LineSocket } from "./line-server.ts";

/** So long before the end a page is asked for a newer token. */
const AHEAD_MS = 60_000;
/** The site's clock and ours may be apart by so much; what is asked for after that is refused. */
const SKEW_MS = 60_000;
/** A page that listens and does not renew is let go, so that nobody reads on who was signed out. */
const LISTENING_MS = 120_000;

/** What an identified customer may do without a good token: bring one, and leave. */
const ALWAYS: readonly RequestName[] = ["identity-renew", "conversation-leave"];

/** Sees to it that a line is an identified customer's only as long as their site says so. */
export class IdentityWatch {
  readonly #clock: Pick<Clock, "now" | "after">;
  readonly #timers = new WeakMap<LineSocket, () => void>();

  constructor(clock: Pick<Clock, "now" | "after">) {
    this.#clock = clock;
  }

  /** From now on, with the token that the socket's customer has. */
  watch(socket: LineSocket): void {
    this.#timers.get(socket)?.();
    const endsAt = endOf(socket);
    if (endsAt === undefined || !socket.connected) return;
    const wait = (until: number, act: () => void): void => {
      const callOff = this.#clock.after(Math.max(0, until - this.#clock.now()), act);
      this.#timers.set(socket, callOff);
    };
    wait(endsAt - AHEAD_MS, () => {
      socket.emit("renew", {});
      wait(endsAt + LISTENING_MS, () => socket.disconnect(true));
    });
  }

  forget(socket: LineSocket): void {
    this.#timers.get(socket)?.();
    this.#timers.delete(socket);
  }

  /** Throws `RequestError` `identity-expired` for what needs a good token. */
  check(socket: LineSocket, name: RequestName): void {
    const endsAt = endOf(socket);
    if (endsAt === undefined || ALWAYS.includes(name) || this.#clock.now() <= endsAt + SKEW_MS) return;
    throw new RequestError("identity-expired", { detail: "Send identity-renew with a newer token, then ask again." });
  }
}

function endOf({ data: { customer } }: LineSocket): number | undefined {
  return customer.claims.kind === "identified" ? customer.claims.expiresAt : undefined;
}
