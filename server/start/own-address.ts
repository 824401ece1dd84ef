/** How browsers reach this server. Without `PUBLIC_URL` that is only known once it listens. */
export class OwnAddress {
  #url: string;
  readonly #origins: string[];
  readonly isHttps: boolean;
  readonly #isGiven: boolean;

  /** `publicUrl` is `PUBLIC_URL`. */
  constructor(publicUrl: string | undefined) {
    this.#isGiven = publicUrl !== undefined;
    this.#url = publicUrl ?? "";
    this.#origins = publicUrl === undefined ? [] : [publicUrl];
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
