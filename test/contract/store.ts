import { afterEach, beforeEach, describe } from "vitest";
import type { OpenedStore } from "./opened-store.ts";
import { storeKeepsApprovals } from "./store-approvals.ts";
import { storeKeepsAuditEntries } from "./store-audit.ts";
import { storeKeepsJournals } from "./store-journal.ts";
import { storeKeepsLeases } from "./store-leases.ts";
import { storeAgreesWithModel } from "./store-random.ts";
import { storeKeepsTexts } from "./store-texts.ts";
import { storeListsWaitingApprovals } from "./store-waiting.ts";

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
    storeKeepsAuditEntries(now);
    storeListsWaitingApprovals(now);
    storeKeepsTexts(now);
    storeAgreesWithModel(open);
  });
}
