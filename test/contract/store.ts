import { afterEach, beforeEach, describe } from "vitest";
import type { Store } from "../../server/conversation/ports/store.ts";
import type { AuditDraft } from "../../server/documents/ports.ts";
import type { WaitingApprovals } from "../../server/inbox/waiting-approvals.ts";
import { storeKeepsApprovals } from "./store-approvals.ts";
import { storeKeepsAuditEntries } from "./store-audit.ts";
import { storeKeepsJournals } from "./store-journal.ts";
import { storeKeepsLeases } from "./store-leases.ts";
import { storeAgreesWithModel } from "./store-random.ts";
import { storeKeepsTexts } from "./store-texts.ts";
import { storeListsWaitingApprovals } from "./store-waiting.ts";

/** A store for one test. `reopen` closes it and opens what it kept; `cleanup` leaves nothing behind. */
export interface OpenedStore {
  readonly store: Store;
  /** The staff's list over the same data, also after `reopen`. */
  readonly waiting: WaitingApprovals;
  /** The audit log, oldest first. */
  audit(): Promise<readonly (AuditDraft & { readonly at: number })[]>;
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
    storeKeepsAuditEntries(now);
    storeListsWaitingApprovals(now);
    storeKeepsTexts(now);
    storeAgreesWithModel(open);
  });
}
