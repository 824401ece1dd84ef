/** Somebody with a browser: keeps cookies by host, follows redirects by hand, and presses Allow or Deny. */
export class OAuthVisitor {
  readonly #cookies = new Map<string, Map<string, string>>();

  /**
   * Goes through the authorization server's pages until it is sent back to `backTo`, and answers with that address,
   * without going there.
   */
  async signIn(authorizationUrl: string, backTo: string, decision: "allow" | "deny" = "allow"): Promise<URL> {
    let url = new URL(authorizationUrl);
    let response = await this.request(url);
    for (let steps = 0; steps < 20; steps += 1) {
      const location = response.headers.get("location");
      if (location !== null) {
        url = new URL(location, url);
        if (url.href.startsWith(backTo)) return url;
        response = await this.request(url);
      } else if (response.status === 200 && url.pathname.startsWith("/interaction/")) {
        response = await this.request(url, { method: "POST", body: new URLSearchParams({ decision }) });
      } else {
        throw new Error(`The sign-in stopped at ${url.href} with ${response.status}: ${(await response.text()).slice(0, 300)}`);
      }
    }
    throw new Error("The sign-in goes round in circles.");
  }

  /** One request with this visitor's cookies; redirects are answered, not followed. */
  async request(url: URL | string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/expires=Thu, 01 Jan 1970|max-age=0(;|$)/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  cookies(host: string): ReadonlyMap<string, string> {
    return this.#cookies.get(host) ?? new Map();
  }
}
