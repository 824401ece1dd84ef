import type { IncomingMessage } from "node:http";
import { RequestError } from "../../protocol/errors.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { Limits } from "../guard/limits/limits.ts";
import { addressOf } from "../guard/network/address.ts";
import { isOwnPage, originAdvice, pageAllowed } from "../guard/network/origins.ts";
import type { Entrance } from "./entrance.ts";
import { onceAMinute } from "./once-a-minute.ts";
import { refuseWhileStopping } from "./stopping.ts";

export interface DoorPorts {
  readonly limits: Pick<Limits, "beforeSocket" | "socketOpened">;
  readonly trustedProxies: number;
  readonly isStopping: () => boolean;
  /** Hears of pages that no assistant allows. */
  readonly pageRefused?: (request: IncomingMessage) => void;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** Decides who may come in, before anything of the protocol behind the door is spoken. */
export class Door {
  readonly #ports: DoorPorts;
  readonly #isNews: (what: string) => boolean;

  constructor(ports: DoorPorts) {
    this.#ports = ports;
    this.#isNews = onceAMinute(ports.clock);
  }

  /** Throws `RequestError` `origin-refused`. */
  checkOrigin(request: IncomingMessage, { origins, needsOrigin }: Entrance): void {
    const { headers } = request;
    if (headers.origin === undefined && !needsOrigin) return;
    // A page of our own may have been opened at another address than PUBLIC_URL; the hello says for which assistant.
    if (isOwnPage(headers) || pageAllowed(headers, origins())) return;
    if (needsOrigin) this.#ports.pageRefused?.(request);
    throw new RequestError("origin-refused", { detail: originAdvice(headers.origin) });
  }

  /**
   * For a request that begins something new, whether its path is there or not. Throws `RequestError` `stopping` or
   * `rate-limited`.
   */
  async checkLoad(request: IncomingMessage): Promise<void> {
    const { isStopping, limits, trustedProxies } = this.#ports;
    refuseWhileStopping(isStopping);
    await limits.beforeSocket(addressOf(request, trustedProxies));
  }

  /** A socket is open; the returned function says that it is gone. */
  opened(request: IncomingMessage): () => void {
    return this.#ports.limits.socketOpened(addressOf(request, this.#ports.trustedProxies));
  }

  /**
   * The refusal that an error means. Logged once a minute, so that the log stays readable while somebody tries again
   * and again.
   */
  refusal(error: unknown, { url, headers: { origin } }: IncomingMessage): RequestError {
    const { log } = this.#ports;
    if (!(error instanceof RequestError)) {
      log.error({ error, path: pathOf(url) }, "A socket could not be opened.");
      return new RequestError("internal");
    }
    if (this.#isNews(`${error.code} ${origin}`))
      log.warn({ code: error.code, origin, path: pathOf(url) }, "Refused a socket. This is logged once a minute.");
    return error;
  }
}

/** Without the query, where tokens may be. */
export function pathOf(url = "/"): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}
