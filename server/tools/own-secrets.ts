import { isRemote, type McpServerSettings } from "./settings.ts";

const SECRET_NAME = /auth|cookie|credential|key|pass|secret|signature|token/i;
/** Shorter values are words that a server may well say. */
const SHORTEST_SECRET = 8;
const TOKENS = 4;
const REDACTED = "[secret]";

/** Takes what we send to a server to prove who we are out of what it says: a server that echoes it would tell the model, the customer and the journal. */
export class OwnSecrets {
  #values: readonly string[];
  readonly #tokens: string[] = [];
  readonly #lasting: readonly string[];

  constructor(settings: McpServerSettings) {
    const named = Object.entries((isRemote(settings) ? settings.headers : settings.env) ?? {});
    const values = named.flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value, value.replace(/^\w+\s+/, "")] : []));
    this.#lasting = values.filter((value) => value.length >= SHORTEST_SECRET);
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
    let clean = text;
    for (const value of this.#values) clean = clean.replaceAll(value, REDACTED);
    return clean;
  }

  /** Cleans every text of a JSON value, in place. Does not recurse, so that no value can exhaust the stack. */
  clean(value: object): void {
    if (this.#values.length === 0) return;
    for (const open: object[] = [value]; open.length > 0;) {
      const item = open.pop() as Record<string, unknown>;
      for (const [key, inner] of Object.entries(item)) {
        if (typeof inner === "object" && inner !== null) open.push(inner);
        else if (typeof inner === "string" && this.#values.some((secret) => inner.includes(secret))) item[key] = this.text(inner);
      }
    }
  }
}
