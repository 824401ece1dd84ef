import { KeyError, keysOfSet, type VerificationKey } from "../../guard/secrets/verification-keys.ts";

export interface PublishedKeysPorts {
  /** The guarded fetch: the address is an owner's. */
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

interface KeptSet {
  readonly keys: readonly VerificationKey[];
  readonly readAt: number;
}

/** So long a set is taken for what it was; then it is read again. */
const GOOD_MS = 60 * 60_000;
/** What could not be read for so long may have been called back. */
const LONGEST_MS = 24 * 60 * 60_000;
/** A set that does not know a key is read again for it, and after a failure, no sooner than this. */
const AGAIN_MS = 60_000;
const ANSWER_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const MOST_SETS = 200;

/** The sets of keys that sites publish, by their addresses. One that cannot be read now is what it was before. */
export class PublishedKeys {
  readonly #ports: PublishedKeysPorts;
  readonly #kept = new Map<string, KeptSet>();
  readonly #askedAt = new Map<string, number>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(ports: PublishedKeysPorts) {
    this.#ports = ports;
  }

  /** The keys of a set that may be meant by `kid`. Throws `KeyError` while nothing is known of the set. */
  async find(url: string, kid: string | undefined): Promise<readonly VerificationKey[]> {
    const kept = this.#kept.get(url);
    const known = kept !== undefined && this.#ports.now() - kept.readAt < LONGEST_MS ? kept : undefined;
    const isOld = known === undefined || this.#ports.now() - known.readAt >= GOOD_MS;
    const found = known === undefined ? [] : meant(known.keys, kid);
    if (!isOld && found.length > 0) return found;
    await this.#readAgain(url);
    const present = this.#kept.get(url) === kept ? known : this.#kept.get(url);
    if (present === undefined) throw new KeyError("The set of keys at the jwksUrl cannot be read.");
    return meant(present.keys, kid);
  }

  /** Once a minute at most, however many tokens ask for it; whoever asks meanwhile waits for the same answer. */
  async #readAgain(url: string): Promise<void> {
    const running = this.#reading.get(url);
    if (running !== undefined) return running;
    const now = this.#ports.now();
    if (now - (this.#askedAt.get(url) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    this.#remember(url, now);
    const reading = this.#read(url).finally(() => this.#reading.delete(url));
    this.#reading.set(url, reading);
    return reading;
  }

  async #read(url: string): Promise<void> {
    try {
      const response = await this.#ports.fetch(url, {
        headers: { accept: "application/jwk-set+json, application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (!response.ok) return await response.body?.cancel();
      const keys = keysOfSet(JSON.parse(await limitedText(response)));
      this.#kept.set(url, { keys, readAt: this.#ports.now() });
    } catch (error) {
      // A set that has become unusable is not what it was.
      if (error instanceof KeyError) this.#kept.delete(url);
    }
  }

  #remember(url: string, now: number): void {
    const oldest = this.#askedAt.size < MOST_SETS ? undefined : this.#askedAt.keys().next().value;
    if (oldest !== undefined) {
      this.#askedAt.delete(oldest);
      this.#kept.delete(oldest);
    }
    this.#askedAt.delete(url);
    this.#askedAt.set(url, now);
  }
}

/** With a kid, exactly its key; without one, the only key that there is. */
function meant(keys: readonly VerificationKey[], kid: string | undefined): readonly VerificationKey[] {
  if (kid === undefined) return keys.length === 1 ? keys : [];
  return keys.filter((key) => key.kid === kid);
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new RangeError("The set of keys is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
