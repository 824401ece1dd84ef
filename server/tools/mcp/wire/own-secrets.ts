import { blotted, secretSpellings, withoutScheme } from "../../../foundation/secret-spellings.ts";
import { isRemote, type LocalServerSettings, type McpServerSettings, type RemoteServerSettings } from "../servers/settings.ts";

/** Which variables of a program's environment are secrets; of what goes to a remote server, everything is. */
const SECRET_NAME = /auth|cookie|credential|key|pass|secret|signature|token/i;
/** Parts of a path this long are hardly words. */
const SHORTEST_PATH_SECRET = 16;
/** Shorter values are words that a server may well say. */
const SHORTEST_SECRET = 8;
const TOKENS = 4;
const REDACTED = "[secret]";

/**
 * Takes the credentials that we send to a server out of what it says: a server that echoes them would show them to the
 * model, the customer and the journal.
 */
export class OwnSecrets {
  #values: readonly string[];
  readonly #tokens: string[] = [];
  readonly #lasting: readonly string[];

  constructor(settings: McpServerSettings) {
    const values = isRemote(settings) ? remoteSecrets(settings) : programSecrets(settings);
    this.#lasting = secretSpellings(values, SHORTEST_SECRET);
    this.#values = this.#lasting;
  }

  /** One more: a token that goes with a request. The last few are remembered. */
  add(token: string): void {
    if (token.length < SHORTEST_SECRET || this.#tokens.includes(token)) return;
    this.#tokens.push(token);
    if (this.#tokens.length > TOKENS) this.#tokens.shift();
    this.#values = [...this.#lasting, ...this.#tokens];
  }

  text(text: string): string {
    return blotted(text, this.#values, REDACTED);
  }

  /**
   * Cleans every text of a JSON value, names of members included, in place. Does not recurse, so that no value can
   * exhaust the stack.
   */
  clean(value: object): void {
    if (this.#values.length === 0) return;
    for (const open: object[] = [value]; open.length > 0;) {
      const item = open.pop() as Record<string, unknown>;
      for (const [name, inner] of Object.entries(item)) {
        const key = this.text(name);
        if (key !== name) {
          delete item[name];
          item[key] = inner;
        }
        if (typeof inner === "object" && inner !== null) open.push(inner);
        else if (typeof inner === "string" && this.#values.some((secret) => inner.includes(secret))) item[key] = this.text(inner);
      }
    }
  }
}

/** Headers are write-only, and the whole URL counts as a credential: tokens are in paths and queries. */
function remoteSecrets({ headers, url }: RemoteServerSettings): readonly string[] {
  const { pathname, search, searchParams } = URL.parse(url) ?? { pathname: "", search: "", searchParams: new URLSearchParams() };
  const segments = pathname.split("/").filter((segment) => segment.length >= SHORTEST_PATH_SECRET);
  return [
    ...Object.values(headers).flatMap(withoutScheme),
    ...(search === "" ? [] : [`${pathname}${search}`, search]),
    ...searchParams.values(),
    ...segments.flatMap((segment) => [segment, decoded(segment)]),
  ];
}

function programSecrets({ env }: LocalServerSettings): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (SECRET_NAME.test(name) ? withoutScheme(value) : []));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
