import * as z from "zod";
import { createSecretBox, type SecretBox } from "../../guard/secrets/secret-box.ts";

/** What an Endpoint URL's token says. */
const contentSchema = z.object({ assistant: z.string(), token: z.string(), generation: z.int() });
export type TokenContent = z.output<typeof contentSchema>;

const PLACE = "endpoint-token";
const KEY_ID = 8;
const NONCE = 16;

/**
 * Endpoint URLs' tokens: sealed with AES-256-GCM, and only of letters that an address takes as they are. They are not
 * stored. The key is of the server's own secret, and not of the keys for the database, which may be rotated: an address
 * that was written into a device stays good until it is revoked.
 */
export class TokenSeal {
  readonly #box: SecretBox;

  /** 32 bytes. */
  constructor(key: Buffer) {
    this.#box = createSecretBox({ keys: [key] });
  }

  seal(content: TokenContent): string {
    return this.#box.seal(JSON.stringify(content), PLACE).split(".").slice(1).join("");
  }

  /** Undefined: it is none of ours, or not all of it. */
  open(text: string): TokenContent | undefined {
    const parts = [text.slice(0, KEY_ID), text.slice(KEY_ID, KEY_ID + NONCE), text.slice(KEY_ID + NONCE)];
    try {
      return contentSchema.parse(JSON.parse(this.#box.open(["v1", ...parts].join("."), PLACE)));
    } catch {
      return undefined;
    }
  }
}
