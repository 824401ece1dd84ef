import type { WireError } from "../../protocol/errors.ts";
import type { HelloFrame, RequestName, ServerFrames, WelcomeFrame } from "../../protocol/frames.ts";
import { LineLostError } from "../../widget/line/line.ts";
import type { Line, LinePorts, OpenLine } from "../../widget/line/line.ts";

/** What the test's server says to a request; `undefined`: nothing, ever. */
export type Answer = (name: RequestName, frame: Record<string, unknown>) => object | undefined;

interface Connection {
  readonly options: LinePorts;
  alive: boolean;
  welcomed: boolean;
  readonly pending: Set<(error: Error) => void>;
}

/**
 * Lines to a server that is part of the test. Nothing travels by itself: what either side says waits in a queue until
 * the test flushes it, so that every interleaving can be made and repeated.
 */
export class MemoryLine {
  /** Every hello that arrived. */
  readonly hellos: HelloFrame[] = [];
  /** Every request that arrived. */
  readonly requests: { readonly name: RequestName; readonly frame: Record<string, unknown> }[] = [];
  answer: Answer = () => undefined;
  welcome: (hello: HelloFrame) => WelcomeFrame | WireError = () => welcomeFrame();
  /** While false, no connection can be made: the network is gone. */
  reachable = true;
  readonly #toServer: (() => void)[] = [];
  readonly #toClient: (() => void)[] = [];
  readonly #connections = new Set<Connection>();

  readonly openLine: OpenLine = (options) => {
    let closed = false;
    let connection: Connection | undefined;
    const connect = (): void => {
      if (closed) return;
      const mine: Connection = { options, alive: true, welcomed: false, pending: new Set() };
      connection = mine;
      this.#connections.add(mine);
      this.#toServer.push(() => this.#greet(mine, connect));
    };
    connect();
    const line: Line = {
      request: (name, frame) => this.#request(connection!, name, frame),
      reconnect: () => {
        if (closed) return;
        this.#end(connection!);
        options.listener.lost();
        connect();
      },
      close: () => {
        closed = true;
        this.#end(connection!);
      },
    };
    return line;
  };

  /** How many frames wait on their way to the server and to the clients. */
  get waiting(): { readonly toServer: number; readonly toClient: number } {
    return { toServer: this.#toServer.length, toClient: this.#toClient.length };
  }

  /** Sends a frame to everyone who is welcomed. */
  send<K extends Exclude<keyof ServerFrames, "welcome">>(kind: K, frame: ServerFrames[K]): void {
    for (const connection of this.#connections) {
      if (connection.welcomed) this.#push(connection, () => (connection.options.listener[kind] as (frame: ServerFrames[K]) => void)(frame));
    }
  }

  /**
   * Breaks every connection; what is on its way is lost. Clients try again at once, which waits in the queue to the
   * server.
   */
  drop(): void {
    this.#toServer.length = 0;
    this.#toClient.length = 0;
    const broken = Array.from(this.#connections);
    for (const connection of broken) {
      this.#end(connection);
      connection.options.listener.lost();
      this.#again(connection);
    }
  }

  /** Lets everything travel, answers to it included, until nothing is on its way. */
  async flush(): Promise<void> {
    for (let round = 0; round < 50; round++) {
      for (const travel of this.#toServer.splice(0)) travel();
      for (const travel of this.#toClient.splice(0)) travel();
      await Promise.resolve();
      await Promise.resolve();
    }
  }

  readonly #reconnects = new Map<LinePorts, () => void>();

  #again(connection: Connection): void {
    this.#reconnects.get(connection.options)?.();
  }

  #greet(connection: Connection, reconnect: () => void): void {
    this.#reconnects.set(connection.options, reconnect);
    if (!connection.alive) return;
    if (!this.reachable) {
      this.#end(connection);
      connection.options.listener.lost();
      reconnect();
      return;
    }
    const hello = connection.options.hello();
    if (hello instanceof Promise) {
      hello.then(
        (made) => this.#toServer.push(() => this.#hear(connection, reconnect, made)),
        () => {
          this.#end(connection);
          connection.options.listener.lost();
          reconnect();
        },
      );
    } else this.#hear(connection, reconnect, hello);
  }

  #hear(connection: Connection, reconnect: () => void, hello: HelloFrame): void {
    if (!connection.alive) return;
    this.hellos.push(hello);
    const reply = this.welcome(hello);
    this.#push(connection, () => {
      if ("version" in reply) {
        connection.welcomed = true;
        connection.options.listener.welcome(reply);
        return;
      }
      this.#end(connection);
      const passing = reply.retryAfterMs !== undefined;
      if (passing) {
        connection.options.listener.lost();
        reconnect();
      } else connection.options.listener.refused(reply);
    });
  }

  #request(connection: Connection, name: RequestName, frame: object): Promise<never> {
    if (!connection.welcomed) return Promise.reject(new LineLostError());
    return new Promise((resolve, reject) => {
      connection.pending.add(reject);
      this.#toServer.push(() => {
        if (!connection.alive) return;
        this.requests.push({ name, frame: frame as Record<string, unknown> });
        const reply = this.answer(name, frame as Record<string, unknown>);
        if (reply === undefined) return;
        this.#push(connection, () => {
          connection.pending.delete(reject);
          resolve(reply as never);
        });
      });
    });
  }

  #push(connection: Connection, travel: () => void): void {
    this.#toClient.push(() => {
      if (connection.alive) travel();
    });
  }

  #end(connection: Connection): void {
    connection.alive = false;
    connection.welcomed = false;
    this.#connections.delete(connection);
    for (const reject of connection.pending) reject(new LineLostError());
    connection.pending.clear();
  }
}

/** A welcome as a server with an assistant called "Shop" says it. */
export function welcomeFrame(change: Partial<WelcomeFrame> = {}): WelcomeFrame {
  return {
    version: 1,
    token: "token-of-customer-1",
    customerId: "customer-1",
    assistant: { key: "shop", name: "Shop", greeting: "Hello", starters: ["Where is my order?"], trace: "full" },
    limits: { messageCharacters: 4_000 },
    now: 1_000,
    ...change,
  };
}
