import type { CustomerEraser } from "../customer-data/ports.ts";
import { Erasures } from "../customer-data/erasures.ts";
import { exportCustomer, type ExportPart } from "../customer-data/customer-export.ts";
import { connectionEraser } from "../oauth/connection-eraser.ts";
import { Listeners } from "../customer-data/listeners.ts";
import { KeptRetention } from "../customer-data/kept-retention.ts";
import { Retention, RETENTION_MS } from "../customer-data/retention.ts";
import { repeatedly } from "../foundation/repeatedly.ts";
import { publishedRetention } from "../publish/calls/published-assistant.ts";
import { KeptFacts } from "../identity/customers/kept-facts.ts";
import { closeCustomer } from "../live/line/close-customer.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line } from "./open-line.ts";
import type { Setup } from "./open-setup.ts";
import type { OpenedSignIns } from "./open-sign-ins.ts";
import type { Part } from "./open-parts.ts";
import type { Voice } from "./open-voice.ts";
import type { Storage } from "./open-storage.ts";

/** Handing out, erasing, and ending in time what is kept of customers. */
export interface CustomerData extends Part {
  readonly erasures: Erasures;
  readonly retention: Retention;
  readonly listeners: Listeners;
  readonly exportCustomer: (customerId: string) => AsyncGenerator<ExportPart>;
  /** Goes on with what an earlier process had begun, and looks for what is old. */
  readonly begin: () => void;
}

export function openCustomerData(parts: Base & Storage & Setup & OpenedSignIns & Line & OpenedDesk & Voice): CustomerData {
  const { journal, search: searched, documents, setup, configuration, desk, voiceCalls, io, inboxNews, clock, log } = parts;
  /** Whatever runs in them ends, and whose lists have them reads on without. */
  const letGo = (conversationIds: readonly string[]): void => {
    for (const id of conversationIds) {
      voiceCalls.letGo(id);
      desk.letGo(id);
      inboxNews.changed(id, "erased");
    }
  };
  const { customerData: store, recordings } = journal;
  const servers = (): string[] => setup.servers.all().map(({ key }) => key);
  const connections = connectionEraser({ servers, list: async () => (await parts.connections()).list });
  const facts = new KeptFacts({ documents, now: () => clock.now() });
  const others = { connections: connections.list, websiteSays: (id: string) => facts.find(id) };
  const erasures = new Erasures({
    store,
    documents,
    searched,
    erasers: [connections, factsEraser(facts)],
    letGo: (customerId, conversationIds) => {
      letGo(conversationIds);
      closeCustomer(io, customerId);
    },
    clock,
    log,
  });
  const kept = new KeptRetention({ store, documents, now: () => clock.now() });
  const endListening = rememberChanged(parts, kept);
  const retention = new Retention({
    store,
    kept,
    searched,
    assistants: () => [...setup.live.all(), ...publishedRetention(setup.published, configuration.retention.callDays)],
    server: configuration.retention,
    letGo,
    clock,
    log,
  });
  let end = (): void => undefined;
  return {
    erasures,
    retention,
    listeners: new Listeners({ documents, clock }),
    exportCustomer: (customerId) => exportCustomer({ store, journal, recordings, others, now: () => clock.now() }, customerId),
    begin: () => {
      erasures.resume().catch((error: unknown) => log.error({ error: String(error) }, "It could not be read what is still to be erased."));
      end = repeatedly(clock, log, RETENTION_MS, async () => {
        await erasures.resume();
        await retention.run();
      });
    },
    close: () => {
      endListening();
      end();
    },
  };
}

/** What somebody changes and deletes within an hour is known as well: what is live at this moment held until now. */
function rememberChanged({ documents, setup }: Storage & Setup, kept: KeptRetention): () => void {
  return documents.onChange(["assistant"], (changed) =>
    kept.remember(changed.flatMap((one) => ("id" in one ? (setup.live.find(one.id) ?? []) : []))),
  );
}

function factsEraser(facts: KeptFacts): CustomerEraser {
  return {
    what: "statements of the website",
    knows: async (customerId) => (await facts.find(customerId)) !== undefined,
    erase: async (customerId) => Number(await facts.forget(customerId)),
  };
}
