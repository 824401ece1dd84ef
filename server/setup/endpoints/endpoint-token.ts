import * as z from "zod";
import { AddressSeal } from "../../guard/secrets/address-seal.ts";

/** What an Endpoint URL's token says. */
const contentSchema = z.object({ assistant: z.string(), token: z.string(), generation: z.int() });
export type TokenContent = z.output<typeof contentSchema>;

/**
 * Endpoint URLs' tokens. They are not stored. The key is of the server's own secret, and not of the keys for the
 * database, which may be rotated: an address that was written into a device stays good until it is revoked.
 */
export class TokenSeal {
  readonly #seal: AddressSeal;

  /** 32 bytes. */
  constructor(key: Buffer) {
    this.#seal = new AddressSeal(key, "endpoint-token");
  }

  seal(content: TokenContent): string {
    return this.#seal.seal(JSON.stringify(content));
  }

  /** Undefined: it is none of ours, or not all of it. */
  open(text: string): TokenContent | undefined {
    const opened = this.#seal.open(text);
    return opened === undefined ? undefined : contentSchema.safeParse(JSON.parse(opened)).data;
  }
}
