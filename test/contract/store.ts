import { afterEach, beforeEach, describe } from "vitest";
import type { Store } from "../../server/conversation/ports/store.ts";
import { storeKeepsApprovals } from "./store-approvals.ts";
import { storeKeepsJournals } from "./store-journal.ts";
import { storeKeepsLeases } from "./store-leases.ts";
import { storeAgreesWithModel } from "./store-random.ts";
import { storeKeepsTexts } from "./store-texts.ts";

/** A store for one test. `reopen` closes it and opens what it kept; `cleanup` leaves nothing behind. */
export interface OpenedStore {
  readonly store: Store;
  reopen(): Promise<Store>;
  cleanup(): Promise<void>;
}

/** The law of the `Store` port. Every maker runs it in its own test file. */
export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}, as a Store`, () => {
    let opened: OpenedStore;
    const now = (): OpenedStore => opened;

    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    storeKeepsJournals(now);
    storeKeepsApprovals(now);
    storeKeepsLeases(now);
    storeKeepsTexts(now);
    storeAgreesWithModel(open);
  });
}
