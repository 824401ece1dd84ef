import { createHash } from "node:crypto";
import { DocumentConflictError, type DocumentStore } from "../../documents/ports.ts";
import { refusedIdentity } from "./identity-problem.ts";
import { CLOCK_SKEW_S, type VerifiedIdentity } from "./identity-token.ts";

/** Which browser has shown a token: it is good for that one alone, as long as it lasts. */
export class TokenUses {
  readonly #documents: Pick<DocumentStore, "get" | "write">;
  readonly #now: () => number;

  constructor({ documents, now }: { documents: Pick<DocumentStore, "get" | "write">; now: () => number }) {
    this.#documents = documents;
    this.#now = now;
  }

  /**
   * Throws `RequestError` `identity-refused` for a token that another browser has shown. `browser` is the id behind its
   * anonymous token, which it keeps however often it signs in.
   */
  async take(assistant: string, { tokenId, expiresAt }: Pick<VerifiedIdentity, "tokenId" | "expiresAt">, browser: string): Promise<void> {
    const id = createHash("sha256")
      .update(JSON.stringify([assistant, tokenId]))
      .digest("base64url");
    const at = this.#now();
    const known = await this.#documents.get("identity-token", id, at);
    if (known === undefined && (await this.#keep(id, browser, expiresAt + CLOCK_SKEW_S * 1000, at))) return;
    const used = known ?? (await this.#documents.get("identity-token", id, at));
    if (browserOf(used?.body) !== browser)
      throw refusedIdentity(
        "This token was shown by another browser. Make a token with a new jti for each page, and let no cache keep it.",
      );
  }

  /** False: somebody else was faster. */
  async #keep(id: string, browser: string, expiresAt: number, at: number): Promise<boolean> {
    try {
      await this.#documents.write([{ do: "create", kind: "identity-token", id, body: { browser }, expiresAt }], { at });
      return true;
    } catch (error) {
      if (error instanceof DocumentConflictError) return false;
      throw error;
    }
  }
}

function browserOf(body: unknown): unknown {
  return typeof body === "object" && body !== null && "browser" in body ? body.browser : undefined;
}
