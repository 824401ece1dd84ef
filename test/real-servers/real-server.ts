/** A public MCP server, pinned by the package.json of the folder that it is installed in. */
export interface RealServer {
  /** Its key in the product, and so what the names of its tools begin with. */
  readonly key: string;
  /** Its npm package. */
  readonly package: string;
  /** `test/peers`, which `npm test` installs, or `test/peers/servers`, which only `npm run peers` does. */
  readonly in: "peers" | "servers";
  readonly language: "JS" | "Go" | "Rust" | ".NET";
  /** The file of the package to start. One with the ending of JavaScript runs in Node. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Credentials that are none, and addresses at which nobody listens: no service is ever reached as somebody. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files that it needs, by their names in its own folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly tools: number;
  /** What is told of it instead of connecting, where it cannot say its tools without its service. */
  readonly refusal?: RegExp;
  /** The revision of the protocol over standard input and output; absent: it does not speak over them. */
  readonly revision?: string;
  readonly http?: readonly HttpAddress[];
  readonly call?: ExpectedCall;
  /** What other servers do not do. */
  readonly oddity?: string;
}

/** How it is started to listen. `{port}` stands for the port, `{folder}` for its own folder, here as in `args`. */
export interface HttpAddress {
  readonly transport: "HTTP" | "SSE";
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly path: string;
  /** Where it refuses any other name. */
  readonly host?: string;
  readonly revision: string;
}

/** A call that changes nothing, and what has to be told of it. */
export interface ExpectedCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: "ok" | "failed";
  /** In what the model reads of it. */
  readonly says: RegExp;
}

/** One way of reaching a server. */
export interface Reach {
  readonly server: RealServer;
  /** Absent: over standard input and output. */
  readonly http?: HttpAddress;
}

/** Every way in which a server is reached. */
export function reachesOf(server: RealServer): readonly Reach[] {
  const overHttp = (server.http ?? []).map((http): Reach => ({ server, http }));
  return server.revision === undefined ? overHttp : [{ server }, ...overHttp];
}
