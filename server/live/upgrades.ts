import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { RequestError } from "../../protocol/errors.ts";
import { withoutBasePath } from "../foundation/base-path.ts";
import { Door, type DoorPorts, pathOf } from "./door.ts";
import type { Entrance } from "./entrance.ts";
import { letPageRead, letPageSend, refuseRequest, refuseUpgrade } from "./refuse.ts";

export interface UpgradesPorts extends DoorPorts {
  /** What a proxy may leave on the path of every request, such as `/desk`. Absent: nothing. */
  readonly basePath?: string;
}

type Pages = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * The one place where sockets come in. Every upgrade of the HTTP server passes the same door, whichever protocol is
 * behind it: origin (403), server going down (503), limits of the address (429), a path that is not there (404). Each
 * refusal is a `WireError` as JSON.
 */
export class Upgrades {
  readonly #door: Door;
  readonly #basePath: string;
  #elsewhere: { readonly isMeant: (request: IncomingMessage) => boolean; readonly pages: Pages } | undefined;
  readonly #entrances = new Map<string, Entrance>();
  #pages: Pages = (_request, response) => void response.writeHead(404).end();

  constructor(ports: UpgradesPorts) {
    this.#door = new Door(ports);
    this.#basePath = ports.basePath ?? "";
  }

  /** A path such as `/voice`. One that ends in `/` takes everything below it as well. */
  add(path: string, entrance: Entrance): void {
    if (this.#entrances.has(path)) throw new Error(`Two entrances were added at ${path}.`);
    this.#entrances.set(path, entrance);
  }

  /** Who answers the requests that no entrance takes. */
  serve(pages: Pages): void {
    this.#pages = pages;
  }

  /** Who answers the requests that are meant for another origin than ours: nothing of ours is there, and no socket. */
  serveElsewhere(isMeant: (request: IncomingMessage) => boolean, pages: Pages): void {
    this.#elsewhere = { isMeant, pages };
  }

  /**
   * Takes all upgrades and requests of the server. Nobody else may listen for its requests: those of an entrance would
   * be answered twice.
   */
  attach(httpServer: HttpServer): void {
    httpServer.on("request", (request, response) => {
      if (this.#elsewhere?.isMeant(request) === true) return void this.#elsewhere.pages(request, response);
      this.#takeBasePathOff(request);
      const entrance = this.#at(request);
      if (entrance?.request === undefined) this.#pages(request, response);
      else void this.#request(entrance, request, response);
    });
    httpServer.on("upgrade", (request, socket, head) => {
      // Node takes its own listener off such a socket. Without this one, somebody who hangs up at this moment would end
      // the process.
      socket.on("error", destroy);
      if (this.#elsewhere?.isMeant(request) === true) return void socket.destroy();
      this.#takeBasePathOff(request);
      void this.#upgrade(request, socket, head);
    });
  }

  /** Nobody behind this has to know under which path the server is reached. */
  #takeBasePathOff(request: IncomingMessage): void {
    request.url = withoutBasePath(request.url ?? "/", this.#basePath);
  }

  async #request(entrance: Entrance, request: IncomingMessage, response: ServerResponse): Promise<void> {
    letPageRead(request, response);
    try {
      this.#door.checkOrigin(request, entrance);
      if (request.method === "OPTIONS") return letPageSend(request, response);
      if (entrance.isNew?.(request) ?? true) await this.#door.checkLoad(request);
      entrance.request?.(request, response);
    } catch (error) {
      refuseRequest(response, this.#door.refusal(error, request));
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const entrance = this.#at(request);
      if (entrance !== undefined) this.#door.checkOrigin(request, entrance);
      if (entrance?.isNew?.(request) ?? true) await this.#door.checkLoad(request);
      if (entrance === undefined) throw new RequestError("not-found", { detail: "No WebSocket can be opened at this path." });
      if (socket.destroyed) return;
      if (entrance.countsItself !== true) socket.once("close", this.#door.opened(request));
      entrance.upgrade(request, socket, head);
    } catch (error) {
      refuseUpgrade(socket, this.#door.refusal(error, request));
    }
  }

  /** By the path as it was sent: one that is written in another way is another path. */
  #at({ url }: IncomingMessage): Entrance | undefined {
    const path = pathOf(url);
    const exact = this.#entrances.get(path);
    if (exact !== undefined) return exact;
    for (const [above, entrance] of this.#entrances) if (above.endsWith("/") && path.startsWith(above)) return entrance;
    return undefined;
  }
}

/** One function for all sockets: thousands of them would otherwise keep one each. */
function destroy(this: Duplex): void {
  this.destroy();
}
