import * as z from "zod";
import type { RetentionSettings } from "../conversation/ports/assistant.ts";
import type { DocumentStore } from "../documents/ports.ts";
import type { CustomerDataStore } from "./ports.ts";

const days = z.number().exactOptional();
const keptSchema = z.object({
  retention: z.object({ conversationDays: days, traceDays: days, resultDays: days }).exactOptional(),
  /** When it was seen that the assistant is gone, in milliseconds since 1970. */
  goneSince: z.number().exactOptional(),
});
type Kept = z.output<typeof keptSchema>;

/** An assistant of which there are conversations, and nothing else any more. */
export interface GoneAssistant {
  readonly key: string;
  /** What it said last. */
  readonly retention?: RetentionSettings;
  readonly goneSince: number;
}

export interface LiveAssistant {
  readonly key: string;
  readonly retention?: RetentionSettings;
}

export interface KeptRetentionPorts {
  readonly store: Pick<CustomerDataStore, "nextAssistant">;
  readonly documents: Pick<DocumentStore, "get" | "write">;
  readonly now: () => number;
}

/** What assistants said of retention, for the conversations that outlive them. */
export class KeptRetention {
  readonly #ports: KeptRetentionPorts;

  constructor(ports: KeptRetentionPorts) {
    this.#ports = ports;
  }

  /** Keeps what those say that are there. */
  async remember(live: readonly LiveAssistant[]): Promise<void> {
    for (const { key, retention } of live) {
      const kept = await this.#find(key);
      if (kept === undefined && retention === undefined) continue;
      await this.#keep(key, kept, retention === undefined ? {} : { retention });
    }
  }

  /** Those that are there no more. */
  async gone(live: readonly LiveAssistant[]): Promise<readonly GoneAssistant[]> {
    const present = new Set(live.map(({ key }) => key));
    const gone: GoneAssistant[] = [];
    for (let key = await this.#ports.store.nextAssistant(""); key !== undefined; key = await this.#ports.store.nextAssistant(key)) {
      if (present.has(key)) continue;
      const kept = await this.#find(key);
      const now = { ...kept, goneSince: kept?.goneSince ?? this.#ports.now() };
      await this.#keep(key, kept, now);
      gone.push({ key, ...now });
    }
    return gone;
  }

  async #find(key: string): Promise<Kept | undefined> {
    const found = await this.#ports.documents.get("assistant-retention", key, this.#ports.now());
    return found === undefined ? undefined : keptSchema.parse(found.body);
  }

  async #keep(key: string, before: Kept | undefined, body: Kept): Promise<void> {
    if (before !== undefined && JSON.stringify(keptSchema.parse(body)) === JSON.stringify(before)) return;
    await this.#ports.documents.write([{ do: "replace", orCreate: true, kind: "assistant-retention", id: key, body }], {
      at: this.#ports.now(),
    });
  }
}
