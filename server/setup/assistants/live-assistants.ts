/** The assistants as conversations see them now. */
import { assistantOf, connectorOf } from "../../configuration/assistant-of.ts";
import type { Assistant, Connector } from "../../conversation/ports/assistant.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import type { Log } from "../../foundation/log.ts";
import type { AssistantRegistry } from "./assistants.ts";
import { type StandingPorts, suspensionOf } from "./connector-standing.ts";
import { onceEach } from "./once-each.ts";
import type { ConnectorRegistry } from "./connectors.ts";
import type { StoredConnector } from "./stored-connectors.ts";
import type { Follower } from "../../documents/following.ts";
import type { ChangedDocuments, DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { ACCESS_KINDS, concernsAccess } from "./concerns-access.ts";
import type { Sharing } from "../sharing/sharing.ts";

export interface LiveAssistantsPorts extends StandingPorts {
  readonly sharing: Sharing;
  readonly documents: Pick<DocumentStore, "get">;
  readonly clock: Pick<Clock, "now">;
  readonly assistants: AssistantRegistry;
  readonly connectors: ConnectorRegistry;
  readonly log: Log;
}

/**
 * The file's assistants and those of the API, with the connectors that have an effect. Asking costs a look at a map.
 * Every change of what they are made of, and of who may use what, is seen before whoever made it is answered.
 *
 * A running conversation asks before every call, so what a person took away is gone at its next call.
 */
export class LiveAssistants implements Assistants, Follower {
  readonly kinds = ["assistant", "connector", ...ACCESS_KINDS] as const;
  readonly #ports: LiveAssistantsPorts;
  #byKey: ReadonlyMap<string, Assistant>;
  #reading: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** Has the file's assistants at once, and the others after `reload`. */
  constructor(ports: LiveAssistantsPorts) {
    this.#ports = ports;
    this.#byKey = byKey(ports.assistants.declared());
  }

  async follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const { documents, clock } = this.#ports;
    for (const one of changed) if (await concernsAccess(one, documents, clock.now())) return this.reload();
  }

  find(key: string): Assistant | undefined {
    return this.#byKey.get(key);
  }

  /** Every one, by key. */
  all(): readonly Assistant[] {
    return [...this.#byKey.values()];
  }

  /** Every website that any assistant may be used on. */
  origins(): string[] {
    return this.all().flatMap(({ allowedOrigins }) => allowedOrigins);
  }

  /**
   * Resolves when every change from before the call is visible. Throws if the database cannot be read; then everything
   * stays as it was.
   */
  reload(): Promise<void> {
    // A reload that is waiting and has not started to read includes this change.
    this.#next ??= this.#reading.then(async () => {
      this.#next = undefined;
      const reading = this.#read();
      this.#reading = reading.catch(() => {});
      await reading;
    });
    return this.#next;
  }

  async #read(): Promise<void> {
    const { assistants, connectors, log } = this.#ports;
    const stored = await assistants.stored();
    const standing = await this.#standing(await connectors.stored());
    const made = stored.map((one) => {
      if (assistants.isDeclared(one.key))
        log.warn(
          { assistant: one.key },
          "The configuration file declares an assistant that was also made over the API. The file's is used.",
        );
      return { ...assistantOf(one.key, { ...assistants.opened(one), connectors: {} }), connectors: standing.get(one.key) ?? [] };
    });
    this.#byKey = byKey([...made, ...assistants.declared()]);
  }

  async #standing(stored: readonly StoredConnector[]): Promise<ReadonlyMap<string, readonly Connector[]>> {
    const ports = { ...this.#ports, people: onceEach(this.#ports.people) };
    const suspensions = await Promise.all(stored.map((one) => suspensionOf(one, ports)));
    const byAssistant = new Map<string, Connector[]>();
    for (const [index, one] of stored.entries()) {
      if (suspensions[index] !== undefined) continue;
      byAssistant.set(one.assistant, [...(byAssistant.get(one.assistant) ?? []), connectorOf(one.server, one.settings)]);
    }
    return byAssistant;
  }
}

function byKey(assistants: readonly Assistant[]): ReadonlyMap<string, Assistant> {
  return new Map(assistants.map((assistant) => [assistant.key, assistant]));
}
