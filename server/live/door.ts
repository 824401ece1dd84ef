import type { IncomingMessage } from "node:http";
import { RequestError } from "../../protocol/errors.ts";
import { keySchema } from "../../protocol/identifiers.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { Limits } from "../guard/limits/limits.ts";
import { addressOf } from "../guard/network/address.ts";
import { isOwnPage, originAdvice, pageAllowed } from "../guard/network/origins.ts";
import type { Entrance } from "./entrance.ts";
import { onceAMinute } from "./once-a-minute.ts";
import { refuseWhileStopping } from "./stopping.ts";

/** Of what strangers send, no more comes into the log. */
const LONGEST_LOGGED = 200;

export interface DoorPorts {
  readonly limits: Pick<Limits, "beforeSocket" | "socketOpened">;
  readonly trustedProxies: number;
  readonly isStopping: () => boolean;
  /** Hears of pages that no assistant allows. */
  readonly pageRefused?: (request: IncomingMessage, assistant: string | undefined) => void;
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
  checkOrigin(request: IncomingMessage, { origins, needsOrigin, advice }: Entrance): void {
    const { headers, url } = request;
    if (headers.origin === undefined && !needsOrigin) return;
    // A page of our own may have been opened at another address than PUBLIC_URL; the hello says for which assistant.
    if (isOwnPage(headers) || pageAllowed(headers, origins())) return;
    const assistant = assistantOf(url);
    if (needsOrigin) this.#ports.pageRefused?.(request, assistant);
    throw new RequestError("origin-refused", { detail: advice ?? originAdvice(headers.origin, assistant) });
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
    const path = pathOf(url).slice(0, LONGEST_LOGGED);
    if (!(error instanceof RequestError)) {
      log.error({ error, path }, "A socket could not be opened.");
      return new RequestError("internal");
    }
    const { code, detail } = error;
    const page = origin?.slice(0, LONGEST_LOGGED);
    const assistant = assistantOf(url);
    if (this.#isNews(`${code} ${page} ${assistant}`))
      log.warn({ code, origin: page, assistant, path, detail }, "Refused a socket. This is logged once a minute.");
    return error;
  }
}

/** The key that the chat of a page asks for, as its address says. Strangers write what they like there. */
function assistantOf(url = "/"): string | undefined {
  const query = new URLSearchParams(url.slice(pathOf(url).length));
  return keySchema.safeParse(query.get("assistant")).data;
}

/** Without the query, where tokens may be. */
export function pathOf(url = "/"): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}
