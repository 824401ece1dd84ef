import { createSecretBox, type SecretBox } from "./secret-box.ts";

const KEY_ID = 8;
const NONCE = 16;

/** Seals texts into tokens for addresses: AES-256-GCM, and only letters that an address takes as they are. */
export class AddressSeal {
  readonly #box: SecretBox;
  readonly #place: string;

  /** `key` has 32 bytes; `place` is what the tokens are for: none of another place opens. */
  constructor(key: Buffer, place: string) {
    this.#box = createSecretBox({ keys: [key] });
    this.#place = place;
  }

  seal(text: string): string {
    return this.#box.seal(text, this.#place).split(".").slice(1).join("");
  }

  /** Undefined: it is none of ours, or not all of it. */
  open(token: string): string | undefined {
    const parts = [token.slice(0, KEY_ID), token.slice(KEY_ID, KEY_ID + NONCE), token.slice(KEY_ID + NONCE)];
    try {
      return this.#box.open(["v1", ...parts].join("."), this.#place);
    } catch {
      return undefined;
    }
  }
}
