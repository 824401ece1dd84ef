import { basePathOf } from "../foundation/base-path.ts";

/** How browsers reach this server. Without `PUBLIC_URL` that is only known once it listens. */
export class OwnAddress {
  #url: string;
  readonly #origins: string[];
  readonly isHttps: boolean;
  /** The path of `PUBLIC_URL`, such as `/desk`; empty if it has none. */
  readonly basePath: string;
  readonly #isGiven: boolean;

  /** `publicUrl` is `PUBLIC_URL`. */
  constructor(publicUrl: string | undefined) {
    this.#isGiven = publicUrl !== undefined;
    this.#url = publicUrl ?? "";
    this.#origins = publicUrl === undefined ? [] : [new URL(publicUrl).origin];
    this.basePath = publicUrl === undefined ? "" : basePathOf(publicUrl);
    this.isHttps = publicUrl?.startsWith("https:") ?? false;
  }

  /** Without a slash at the end. */
  readonly url = (): string => this.#url;

  /** Every assistant allows them. */
  readonly origins = (): readonly string[] => this.#origins;

  /** The server listens on this port. */
  listensOn(port: number): void {
    if (this.#isGiven) return;
    this.#url = `http://localhost:${port}`;
    this.#origins.push(this.#url, `http://127.0.0.1:${port}`);
  }
}
