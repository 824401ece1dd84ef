const SAMPLE = 'such as "https://views.example.net"';

/** Undefined: it can be `SANDBOX_URL`. Otherwise what was expected instead. */
export function sandboxUrlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return `expected an https address, ${SAMPLE}`;
  if (`${url.origin}/` !== url.href) return `expected an address without a name, a path, "?" and "#", ${SAMPLE}`;
  if (url.protocol === "http:" && !isHere(url.hostname)) return `expected https, ${SAMPLE}: only on this machine may it be http`;
  return undefined;
}

/** The sandbox is worth nothing on the origin that it keeps views away from. */
export function sameOriginFault(sandboxUrl: string | undefined, publicUrl: string | undefined): string | undefined {
  if (sandboxUrl === undefined || publicUrl === undefined || new URL(publicUrl).origin !== sandboxUrl) return undefined;
  return `expected another host than that of PUBLIC_URL, ${SAMPLE}`;
}

function isHere(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]" || hostname.endsWith(".localhost");
}

/** Where views of tools are shown: an origin that has nothing else. */
export class SandboxAddress {
  /** Whether there is one. */
  readonly isOn: boolean;
  #url: string | undefined;

  constructor({ sandboxUrl, sandboxPort }: { readonly sandboxUrl?: string | undefined; readonly sandboxPort?: number | undefined }) {
    this.isOn = sandboxUrl !== undefined || sandboxPort !== undefined;
    this.#url = sandboxUrl;
  }

  /** Its origin; undefined: there is none, or it is not known before the server listens. */
  readonly url = (): string | undefined => this.#url;

  /** Whether a request with this `Host` is for it. */
  readonly isFor = (host: string | undefined): boolean =>
    this.#url !== undefined && host !== undefined && host.toLowerCase() === new URL(this.#url).host;

  /** The server answers for it on this port. */
  listensOn(port: number): void {
    this.#url ??= `http://localhost:${port}`;
  }
}
