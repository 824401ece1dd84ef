/** Where the provider of the tests keeps what it gave out: in memory, and gone when a test says so. */
const rows = new Map<string, Record<string, unknown>>();

/** Every grant, token and session; the clients stay. */
export function forgetAll(): void {
  for (const key of rows.keys()) if (!key.startsWith("Client:")) rows.delete(key);
}

/** The adapter that `oidc-provider` asks for. */
export class ForgetfulAdapter {
  readonly #model: string;
  constructor(model: string) {
    this.#model = model;
  }

  async upsert(id: string, payload: Record<string, unknown>): Promise<void> {
    rows.set(this.#key(id), payload);
  }

  async find(id: string): Promise<Record<string, unknown> | undefined> {
    return rows.get(this.#key(id));
  }

  async findByUid(uid: string): Promise<Record<string, unknown> | undefined> {
    return [...rows].find(([key, row]) => key.startsWith(`${this.#model}:`) && row["uid"] === uid)?.[1];
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const row = rows.get(this.#key(id));
    if (row !== undefined) row["consumed"] = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    rows.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, row] of rows) if (row["grantId"] === grantId) rows.delete(key);
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }
}
