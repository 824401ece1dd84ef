import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

type Handler = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/** A provider that does exactly what a test says, byte by byte. */
export class RawServer {
  readonly requests: ReceivedRequest[] = [];
  connections = 0;
  /** Answers whose client went away before their end. */
  deserted = 0;
  #handler: Handler = (response) => void response.writeHead(500).end();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async open(): Promise<RawServer> {
    const raw = new RawServer();
    raw.#server.on("connection", () => raw.connections++);
    raw.#server.listen(0, "127.0.0.1");
    await once(raw.#server, "listening");
    return raw;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What every request from now on is answered with. */
  answer(handler: Handler): void {
    this.#handler = handler;
  }

  /** Streams these texts, each in its own packet, and ends. */
  stream(events: readonly string[]): void {
    this.answer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events) response.write(event);
      response.end();
    });
  }

  refuse(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.answer(
      (response) => void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body)),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("close", () => {
      if (!response.writableFinished) this.deserted++;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      path: request.url ?? "",
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>,
    };
    this.requests.push(received);
    await this.#handler(response, received);
  }
}
