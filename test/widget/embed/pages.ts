import { createServer } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Server } from "socket.io";
import type { Socket } from "socket.io";
import { LINE_PATH, type WelcomeFrame } from "../../../protocol/frames.ts";
import { welcomeFrame } from "../../support/memory-line.ts";

/** A policy as a careful site has it: nothing but what the README asks for. */
export function strictPolicy(desk: string): string {
  const socket = desk.replace("http", "ws");
  return `default-src 'none'; script-src ${desk}; connect-src ${desk} ${socket}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types frontdesk`;
}

interface Frame {
  readonly conversationId: string;
  readonly messageId: string;
  readonly text: string;
  readonly after?: number;
}

/**
 * A desk that serves the built widget and answers like a server that forgets nothing while it runs, and a site of another origin
 * that embeds it.
 */
export class Pages {
  readonly folder: string;
  /** Pages of the site by path; `{desk}` becomes the desk's origin. */
  readonly html = new Map<string, string>();
  /** Paths that the desk was asked for, without the line's. */
  readonly requested: string[] = [];
  /** What the desk sends instead of a file; `undefined`: breaks the connection. */
  readonly instead = new Map<string, string | undefined>();
  /** What was written in the chat. */
  readonly messages: string[] = [];
  /** Pieces of the answer to each message; none while it is empty. */
  answer: readonly string[] = [];
  /** What the desk says of the assistant besides. */
  assistant: Partial<WelcomeFrame["assistant"]> = {};
  /** What it answers to a request, by its name. */
  readonly replies = new Map<string, (frame: object) => object>();
  desk = "";
  site = "";
  readonly #servers: HttpServer[] = [];
  readonly #journals = new Map<string, object[]>();
  #io: Server | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  async start(transports: ("websocket" | "polling")[] = ["websocket", "polling"]): Promise<void> {
    this.desk = await this.#listen((request, response) => void this.#serve(request, response));
    this.site = await this.#listen((request, response) => this.#page(request, response));
    this.#io = new Server(this.#servers[0]!, { path: LINE_PATH, cors: { origin: "*" }, transports });
    this.#io.on("connection", (socket) => {
      const welcome = welcomeFrame({ now: Date.now() });
      socket.emit("welcome", { ...welcome, assistant: { ...welcome.assistant, ...this.assistant } });
      socket.onAny((name: string, frame: Frame, acknowledge: (reply: object) => void) => {
        const journal = this.#journals.get(frame.conversationId) ?? [];
        this.#journals.set(frame.conversationId, journal);
        if (name === "conversation-open") {
          const events = journal.slice(frame.after ?? 0);
          return acknowledge({ ok: true, events, more: false, lastSeq: journal.length, reset: false, progress: [] });
        }
        const reply = this.replies.get(name)?.(frame);
        if (reply !== undefined) return acknowledge(reply);
        acknowledge({ ok: true, seq: journal.length + 1 });
        if (name === "message-send") this.#answerTo(frame, socket, journal);
      });
    });
  }

  #answerTo({ conversationId, messageId, text }: Frame, socket: Socket, journal: object[]): void {
    const tell = (body: object): void => {
      const event = { ...body, seq: journal.length + 1, at: Date.now() };
      journal.push(event);
      socket.emit("events", { conversationId, events: [event] });
    };
    this.messages.push(text);
    tell({ type: "message-received", messageId, text, by: { kind: "customer", id: "customer-1" } });
    if (this.answer.length === 0) return;
    const turnId = `turn-of-${messageId}`;
    tell({ type: "turn-started", turnId, messageId });
    let offset = 0;
    for (const piece of this.answer) {
      socket.emit("text", { conversationId, turnId, step: 0, offset, text: piece });
      offset += piece.length;
    }
    tell({ type: "step-ended", turnId, step: 0, text: this.answer.join("") });
    tell({ type: "turn-ended", turnId, outcome: "done" });
  }

  /** Something happens in every conversation, such as in another tab. */
  tell(body: object): void {
    for (const [conversationId, journal] of this.#journals) {
      const event = { ...body, seq: journal.length + 1, at: Date.now() };
      journal.push(event);
      this.#io!.emit("events", { conversationId, events: [event] });
    }
  }

  async stop(): Promise<void> {
    await this.#io?.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  /** The desk's own. */
  get server(): HttpServer {
    return this.#servers[0]!;
  }

  /** Adds a page and gives its address. */
  page(path: string, html: string): string {
    this.html.set(path, html.replaceAll("{desk}", this.desk));
    return this.site + path;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url!, "http://desk").pathname;
    if (path.startsWith(LINE_PATH)) return;
    this.requested.push(path);
    const headers = { "content-type": "text/javascript", "access-control-allow-origin": "*", "cache-control": "no-store" };
    if (this.instead.has(path)) {
      const text = this.instead.get(path);
      if (text === undefined) request.socket.destroy();
      else response.writeHead(200, headers).end(text);
      return;
    }
    const file = await readFile(join(this.folder, path)).catch(() => undefined);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, headers).end(file);
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    const html = this.html.get(request.url!);
    const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": strictPolicy(this.desk) };
    if (html === undefined) response.writeHead(404).end();
    else response.writeHead(200, headers).end(html);
  }

  async #listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
